// Turns push on in this browser, and keeps the last state for when there is no network. Without this file, or in a browser
// that knows no workers, the form and the buttons stay hidden and the page says what is missing.
"use strict";
(() => {
  const equip = () => {
    const place = document.getElementById("this-device");
    const form = place?.querySelector("form[data-push-key]");
    if (!form || form.dataset.equipped) {
      return;
    }
    form.dataset.equipped = "yes";
    const button = form.querySelector("button");
    const [problem, state, keeping, missing] =
      ["[role=alert]", "[role=status]", "button[data-keep]", "[data-missing]"].map((what) => place.querySelector(what));
    const text = (buffer) =>
      btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    const bytes = (words) =>
      Uint8Array.from(atob(words.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

    if (!("serviceWorker" in navigator)) {
      missing.hidden = false;
      return;
    }
    const worker = async () => {
      await navigator.serviceWorker.register(form.dataset.worker, { scope: "/app/" });
      return navigator.serviceWorker.ready;
    };
    const busy = async (pressed, work) => {
      pressed.disabled = true;
      problem.textContent = "";
      try {
        await work();
      } catch (error) {
        problem.textContent = error.name === "NotAllowedError"
          ? "The browser does not allow it: allow notifications of this site in its settings, then try again."
          : `That did not work: ${error.message}`;
        pressed.disabled = false;
      }
    };

    keeping.hidden = false;
    keeping.addEventListener("click", () => busy(keeping, async () => {
      await worker();
      state.textContent = "This browser keeps the last state from now on.";
    }));

    if (!("PushManager" in window)) {
      missing.hidden = false;
      return;
    }
    const system = ["Android", "iPhone", "iPad", "Mac OS", "Windows", "Linux"].find((name) => navigator.userAgent.includes(name));
    const browser = ["Firefox", "Edg", "Chrome", "Safari"].find((name) => navigator.userAgent.includes(name));
    form.elements.name.value ||= [browser === "Edg" ? "Edge" : browser, system].filter(Boolean).join(" on ");
    // Before whoever would send the form as it is.
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      busy(button, async () => {
        const { pushManager } = await worker();
        const key = bytes(form.dataset.pushKey);
        // One of another key, from before the server was set up anew, would be refused.
        const known = await pushManager.getSubscription();
        if (known && text(known.options.applicationServerKey || new ArrayBuffer(0)) !== form.dataset.pushKey) {
          await known.unsubscribe();
        }
        const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
        form.elements.endpoint.value = made.endpoint;
        form.elements.p256dh.value = text(made.getKey("p256dh"));
        form.elements.auth.value = text(made.getKey("auth"));
        form.submit();
      });
    }, true);
    form.hidden = false;
  };
  equip();
  // What comes in the place of the page, when one of its forms was sent, is as the server draws it.
  document.addEventListener("htmx:after:swap", equip);
})();
