// Keys: on by default, never in a field, off by the button on the page of help.
(() => {
  "use strict";
  const main = () => document.getElementById("content");
  const isField = (element) => element?.matches?.("input, select, textarea, [contenteditable]") ?? false;
  const OFF = "reveille-keys-off";
  const off = () => localStorage.getItem(OFF) === "yes";
  const button = document.querySelector("button[data-keys]");
  if (button) {
    const name = () => { button.textContent = off() ? "Turn the keys on" : "Turn the keys off"; };
    button.hidden = false;
    name();
    button.addEventListener("click", () => { off() ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "yes"); name(); });
  }
  const go = { n: "/app/now", i: "/app/incidents", o: "/app/on-call", r: "/app/routines" };
  const rows = () => [...document.querySelectorAll("main table.data tbody tr, main article.asked")];
  const current = () => rows().find((row) => row.contains(document.activeElement));
  const move = (by) => {
    const all = rows();
    const at = all.indexOf(current());
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
    next?.querySelector("a")?.focus();
  };
  const open = (id) => {
    const act = document.getElementById(id);
    if (!act) return;
    act.setAttribute("open", "");
    (act.querySelector("textarea, select, button") ?? act).focus();
  };
  const keys = {
    "/": () => document.querySelector("input[type=search]")?.focus(),
    "?": () => { location.href = "/app/help"; },
    j: () => move(1),
    k: () => move(-1),
    x: () => current()?.querySelector("input[type=checkbox]")?.click(),
    a: () => (current() ?? main()).querySelector("form[action$='/acknowledge'] button")?.focus(),
    r: () => open("resolve"),
    s: () => open("snooze"),
    e: () => open("escalate"),
    m: () => open("notate"),
  };
  let isGoing = false;
  document.addEventListener("keydown", (event) => {
    if (off() || event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
    const did = isGoing ? go[event.key] && (() => { location.href = go[event.key]; }) : keys[event.key];
    isGoing = !isGoing && event.key === "g";
    if (!did) return;
    event.preventDefault();
    did();
  });
})();
