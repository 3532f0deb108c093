import { token } from "./send.js";

const WORDS = {
  0: "The connection broke.",
  401: "You are signed out. Sign in in another tab, then try again.",
  403: "This page is from before your sign-in. Reload it.",
  413: "This file is too large.",
};

/**
 * Send one file; fetch tells no progress, so this is an XMLHttpRequest.
 * @param {(share: number) => void} progress called with 0…1
 * @returns {Promise<{ok: boolean, body: object, message: string, again: boolean}>}
 */
export function upload(url, file, signal, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const fields = new FormData();
    fields.set("file", file);
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token());
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("loadend", () => resolve(outcome(request)));
    signal.addEventListener("abort", () => request.abort());
    request.send(fields);
  });
}

function outcome(request) {
  const body = read(request);
  const ok = request.status === 201;
  const told = body.errors?.map(({ message }) => message).join(" ");
  const message = told || WORDS[request.status] || "The file couldn't be stored.";
  // What the server judged bad stays bad; what broke on the way may go better.
  return { ok, body, message, again: !told };
}

function read(request) {
  try {
    return JSON.parse(request.responseText) || {};
  } catch {
    return {};
  }
}
