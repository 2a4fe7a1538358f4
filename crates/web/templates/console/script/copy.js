// Buttons that copy the text after them. They stand in the page, hidden, so that they are there and stay there whatever changes it.
(() => {
  "use strict";
  const show = () => document.querySelectorAll("button[data-copies]").forEach((button) => { button.hidden = false; });
  show();
  document.addEventListener("htmx:after:swap", show);
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("button[data-copies]");
    const text = button?.nextElementSibling;
    if (!text) return;
    try {
      await navigator.clipboard.writeText(text.textContent.trim());
      button.textContent = "Copied";
    } catch {
      // What may not be copied by a script is marked, to be copied by hand.
      getSelection().selectAllChildren(text);
    }
  });
})();
