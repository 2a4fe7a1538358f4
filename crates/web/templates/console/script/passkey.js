// Asks the browser for a passkey where a page has a form for one, and sends what it answers as the form. Without this
// file, or in a browser that knows no passkeys, such forms stay hidden and nothing else is missing.
"use strict";
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) {
    return;
  }

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const described = (known) => ({ ...known, id: bytes(known.id) });

  async function make(options) {
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = (options.excludeCredentials || []).map(described);
    const made = await navigator.credentials.create({ publicKey: options });
    return {
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      response: {
        attestationObject: text(made.response.attestationObject),
        clientDataJSON: text(made.response.clientDataJSON),
      },
    };
  }

  async function show(options) {
    options.challenge = bytes(options.challenge);
    options.allowCredentials = (options.allowCredentials || []).map(described);
    const shown = await navigator.credentials.get({ publicKey: options });
    const whose = shown.response.userHandle;
    return {
      id: shown.id,
      rawId: text(shown.rawId),
      type: shown.type,
      response: {
        authenticatorData: text(shown.response.authenticatorData),
        clientDataJSON: text(shown.response.clientDataJSON),
        signature: text(shown.response.signature),
        userHandle: whose ? text(whose) : null,
      },
    };
  }

  function words(problem) {
    switch (problem.name) {
      case "NotAllowedError": return "Nothing was done: the browser was told to stop, or it took too long.";
      case "InvalidStateError": return "This device has a passkey of yours for this site already.";
      case "SecurityError": return "The browser makes no passkeys at this address.";
      default: return `That did not work: ${problem.message}`;
    }
  }

  async function ask(form) {
    const answer = await fetch(form.dataset.options, { method: "POST", headers: { accept: "application/json" } });
    const said = await answer.json();
    if (!answer.ok && said.code === form.dataset.unless) {
      location.assign(form.dataset.instead);
      return;
    }
    if (!answer.ok) {
      throw new Error(said.detail || said.title || "the server did not answer");
    }
    const credential = form.dataset.passkey === "make" ? await make(said.publicKey) : await show(said.publicKey);
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const [button, problem] = [form.querySelector("button"), form.querySelector("[role=alert]")];
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      problem.textContent = "";
      try {
        await ask(form);
      } catch (error) {
        problem.textContent = words(error);
        button.disabled = false;
      }
    });
    form.hidden = false;
  }
  // A page that was gone back to is as it was first.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      document.querySelectorAll("form[data-passkey] button").forEach((button) => { button.disabled = false; });
    }
  });
})();
