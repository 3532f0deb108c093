const asked = new Map();

/** Load a classic script of ours once; resolves when it has run. */
export function loadScript(src) {
  if (!asked.has(src)) asked.set(src, load(src));
  return asked.get(src);
}

function load(src) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = src;
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => {
      asked.delete(src);
      reject(new Error(`${src} could not be loaded`));
    });
    document.head.append(script);
  });
}
