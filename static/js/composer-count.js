// How platforms count: the rules of platforms/limits.py, so that typing never waits.
const segmenter = "Segmenter" in Intl ? new Intl.Segmenter("en", { granularity: "grapheme" }) : null;
const encoder = new TextEncoder();

const COUNTERS = {
  codepoints: (text) => [...text].length,
  utf16: (text) => text.length,
  graphemes: (text) => (segmenter ? [...segmenter.segment(text)].length : [...text].length),
};

/** What is left of the tighter of both limits: characters, or bytes near their end. */
export function remaining(text, limit) {
  const left = limit.maximum - COUNTERS[limit.counting](text);
  if (!limit.max_bytes) return { left, unit: "characters", maximum: limit.maximum };
  const bytes = limit.max_bytes - encoder.encode(text).length;
  const tighter = bytes / limit.max_bytes < left / limit.maximum && bytes < limit.max_bytes / 5;
  return tighter
    ? { left: bytes, unit: "bytes", maximum: limit.max_bytes }
    : { left, unit: "characters", maximum: limit.maximum };
}
