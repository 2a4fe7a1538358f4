// What a form comes to, below it while somebody fills it in: asked for after a pause, without touching what is typed. Where it
// cannot be asked for, the button is there all the same.
(() => {
  "use strict";
  const PAUSE_MS = 500;
  let timer, asking;
  const ask = async (form) => {
    asking?.abort();
    // A form that begins empty says nothing before it is filled in.
    if (form.dataset.result === "whole" && !form.checkValidity()) return;
    asking = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    body.set("do", "look");
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: asking.signal, headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [here, next] = [document, page].map((one) => one.getElementById("result"));
      if (!here || !next || !form.isConnected) return;
      const ticked = [...here.querySelectorAll(":checked")].map((tick) => tick.value);
      const focused = here.contains(document.activeElement) ? document.activeElement.id : "";
      // What is wrong with the form stands where its result would.
      here.replaceChildren(...(answer.ok ? next.childNodes : page.querySelectorAll("main .notice.bad")));
      here.querySelectorAll("input[name=gap]").forEach((tick) => { tick.checked = ticked.includes(tick.value); });
      if (focused) document.getElementById(focused)?.focus();
    } catch { /* It was asked for anew, or the server does not answer. */ }
  };
  const changed = ({ target }) => {
    const form = target.closest?.("form[data-result]");
    if (!form || target.closest("#result") || target.matches("[name=pattern]")) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS, form);
  };
  document.addEventListener("input", changed);
  document.addEventListener("submit", () => { clearTimeout(timer); asking?.abort(); }, true);
})();
