// Passkeys: <form data-passkey="get|create"> with a hidden `credential`, and its
// options in json_script (data-options="id") or fetched (data-options-url).
const WORDS = {
  NotAllowedError: "Your device didn’t confirm. Try again when you are ready.",
  InvalidStateError: "This device has a passkey for you already.",
  SecurityError: "Passkeys don’t work at this address.",
};
const OTHER = "That didn’t work. Try again, or use another way.";

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) form.hidden = true;
  form.addEventListener("submit", (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    confirm(form);
  });
}

async function confirm(form) {
  const button = form.querySelector("button");
  say(form, "");
  button.setAttribute("aria-busy", "true");
  try {
    const found = await ask(form);
    form.elements.credential.value = JSON.stringify(plain(found));
    form.submit();
  } catch (error) {
    button.removeAttribute("aria-busy");
    say(form, WORDS[error.name] || OTHER);
  }
}

async function ask(form) {
  const data = await options(form);
  if (form.dataset.passkey === "get") {
    return navigator.credentials.get({ publicKey: forGet(data.request_options.publicKey) });
  }
  const alone = form.elements.passwordless?.checked ?? true;
  const wanted = forCreate(data.creation_options.publicKey, alone);
  return navigator.credentials.create({ publicKey: wanted });
}

async function options(form) {
  const { options: id, optionsUrl } = form.dataset;
  if (id) return JSON.parse(document.getElementById(id).textContent);
  const answer = await fetch(optionsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no options");
  return answer.json();
}

function forGet(key) {
  const allowed = (key.allowCredentials || []).map(withBytes);
  return { ...key, challenge: bytes(key.challenge), allowCredentials: allowed };
}

function forCreate(key, alone) {
  return {
    ...key,
    challenge: bytes(key.challenge),
    user: { ...key.user, id: bytes(key.user.id) },
    excludeCredentials: (key.excludeCredentials || []).map(withBytes),
    authenticatorSelection: {
      ...key.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      userVerification: alone ? "required" : "preferred",
    },
  };
}

const withBytes = (one) => ({ ...one, id: bytes(one.id) });

/** What the server reads: bytes as base64url. */
function plain(credential) {
  const response = {};
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  for (const name of names) {
    const value = credential.response[name];
    if (value) response[name] = text(value);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

function bytes(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function say(form, words) {
  const place = form.querySelector("[data-passkey-said]");
  place.textContent = words;
  place.hidden = !words;
}
