// What pages can do beside what forms and links do: keys, and looking again while nobody types.
(() => {
  "use strict";
  const EVERY_MS = 15000;
  const main = () => document.getElementById("content");
  const isField = (element) => element?.matches?.("input, select, textarea, [contenteditable]") ?? false;

  // Looking again.
  const spoken = (root) => {
    const copy = root.cloneNode(true);
    copy.querySelectorAll("time, script").forEach((element) => element.remove());
    return copy.textContent.replace(/\s+/g, " ");
  };
  const busy = () => {
    const within = main();
    const typed = [...within.querySelectorAll("input:not([type=hidden]), textarea")].some((field) =>
      field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
    const chosen = [...within.querySelectorAll("select")].some((field) =>
      [...field.options].some((option) => option.selected !== option.defaultSelected && field.selectedIndex > 0));
    return typed || chosen || isField(document.activeElement);
  };
  const bar = document.createElement("p");
  bar.className = "notice live";
  bar.setAttribute("role", "status");
  bar.hidden = true;
  const say = (words, link) => {
    bar.textContent = words;
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = location.href;
      anchor.textContent = link;
      bar.append(" ", anchor);
    }
    bar.hidden = words === "";
  };
  let seenAt = new Date();
  const look = async () => {
    if (document.hidden || !main()?.hasAttribute("data-live")) return;
    let page;
    try {
      const answer = await fetch(main().dataset.live, { headers: { accept: "text/html" }, redirect: "error" });
      if (answer.status === 401) return say("You are signed out.", "Sign in");
      if (!answer.ok) throw new Error(String(answer.status));
      page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("content");
    } catch {
      const at = seenAt.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      return say(`As of ${at}, not live: the server does not answer.`);
    }
    seenAt = new Date();
    if (!page) return;
    if (busy()) return say(spoken(page) === spoken(main()) ? "" : "Something has changed here.", "Show it");
    say("");
    const open = new Set([...main().querySelectorAll("details[open][id]")].map((element) => element.id));
    const focused = document.activeElement?.id;
    page.querySelectorAll(".notice[role=status]").forEach((notice) => notice.remove());
    main().replaceChildren(...page.childNodes);
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };
  if (main()?.hasAttribute("data-live")) {
    main().before(bar);
    setInterval(look, EVERY_MS);
    document.addEventListener("visibilitychange", look);
  }

  // A zone that nobody has said yet is that of the device.
  for (const field of document.querySelectorAll("input[data-zone]:not([aria-invalid])")) {
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || field.value;
  }

  // Keys: on by default, never in a field, off by the button on the page of help.
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
