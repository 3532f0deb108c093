// One form post to the server, with an answer that is always there and in words.
import { csrfToken } from "./htmx-setup.js";

const WORDS = {
  0: "No connection. Nothing was lost; try again in a moment.",
  401: "You are signed out. Sign in in another tab, then try again: nothing is lost.",
  403: "This page is from before your sign-in. Reload it, then try again.",
  404: "That is no longer there. Reload the page to see what is.",
  413: "That is too large to be sent.",
};

/** @returns {Promise<{ok: boolean, status: number, body: object, message: string}>} */
export async function send(url, fields) {
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  try {
    const answer = await fetch(url, { method: "POST", body: fields, headers });
    const body = await read(answer);
    const message = body.message || WORDS[answer.status] || "That did not work. Try again in a moment.";
    return { ok: answer.ok, status: answer.status, body, message };
  } catch {
    return { ok: false, status: 0, body: {}, message: WORDS[0] };
  }
}

// After a sign-in in another tab the cookie is newer than this page's token.
export function token() {
  const cookie = /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie);
  return cookie ? cookie[1] : csrfToken();
}

async function read(answer) {
  try {
    return (await answer.json()) || {};
  } catch {
    return {};
  }
}
