// Pages that change while somebody looks, and forms that are sent without loading the page anew. What is here makes htmx do it
// without losing what is typed, and says honestly when something was not sent or is not live.
(() => {
  "use strict";
  const STEADY_MS = 600, AGAIN_MS = 3000, GIVEN_UP_MS = 60000, POLL_MS = 20000, LOOKS_MS = 500;
  const main = () => document.getElementById("content");
  const stream = () => document.getElementById("stream");

  // What is said above the page.
  const bar = document.createElement("p");
  bar.className = "notice live";
  bar.setAttribute("role", "status");
  bar.hidden = true;
  main()?.before(bar);
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

  // Whether the page is live, and as of when it is not.
  let isLive = true, seenAt = new Date(), isOut = false;
  const fresh = new Set();
  const show = () => {
    if (isOut) return say("You are signed out. Nothing that you do here is done.", "Sign in");
    if (sending) return;
    if (!isLive) {
      const at = seenAt.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      return say(`As of ${at}, not live: the server does not answer.`);
    }
    for (const number of fresh) if (document.getElementById(`i${number}`)) fresh.delete(number);
    say(fresh.size === 0 ? "" : `${fresh.size} new`, "Show");
  };
  const live = (is) => {
    if (is) seenAt = new Date();
    isLive = is;
    show();
  };
  const signedOut = () => { isOut = true; show(); };

  // Looking again: what is typed, chosen, ticked or opened stays.
  let looks = 0;
  const look = async () => {
    const view = main()?.dataset.live;
    if (!view || isOut || document.hidden) return;
    looks += 1;
    try {
      await htmx.ajax("GET", view, {
        source: stream() ?? main(), target: "#content", select: "#content", swap: "outerMorph", push: false,
      });
    } finally {
      looks -= 1;
    }
  };
  const isLook = (ctx) => ctx?.request?.method === "GET" && ctx.target === main();
  htmx.registerExtension("reveille", {
    htmx_before_morph_attr: (element, { attrName }) => {
      if (looks === 0) return true;
      const isKey = attrName === "value" && element.name === "idempotency_key";
      const isShown = attrName === "hidden" && element.matches("[data-copies]");
      return !isKey && !isShown && !(attrName === "open" && element.matches("details"));
    },
  });

  document.addEventListener("htmx:before:init", (event) => {
    const element = event.target;
    const isSent = element.matches("form[method=post]:not([data-passkey])") && !document.querySelector("form[data-passkey]");
    if (!isSent) event.preventDefault();
  });
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    const stamp = main()?.dataset.stamp;
    if (ctx.sourceElement === stream() && ctx.request.action.startsWith("/app/live") && stamp) {
      ctx.request.headers["Last-Event-ID"] = stamp;
    }
  });

  // The stream.
  document.addEventListener("htmx:sse:after:connection", () => live(true));
  document.addEventListener("htmx:sse:error", (event) => {
    if (event.detail.status === 401) return signedOut();
    live(false);
  });
  // Rows are told more often than a whole page is asked for: at once, and then at most twice a second.
  let lookedAt = 0, willLook = false;
  document.addEventListener("look", () => {
    if (willLook) return;
    willLook = true;
    setTimeout(() => {
      willLook = false;
      lookedAt = Date.now();
      look();
    }, Math.max(0, lookedAt + LOOKS_MS - Date.now()));
  });
  document.addEventListener("fresh", (event) => {
    String(event.detail.data).split(" ").forEach((number) => fresh.add(number));
    live(true);
  });
  document.addEventListener("signed-out", signedOut);
  // What was told last; a page that is older than that, since it was asked for before, is asked for once more.
  let told = "";
  document.addEventListener("htmx:sse:after:message", (event) => {
    told = event.detail.message.id || told;
    live(true);
  });
  const isOlder = () => {
    const [began, changes] = (main().dataset.stamp ?? "").split(".");
    const [since, last] = told.split(".");
    return began === since && Number(changes) < Number(last);
  };
  // Where there is no stream, the page looks from time to time, and asks for one.
  setInterval(() => {
    if (isLive || !stream() || document.hidden || isOut) return;
    look();
    if (!stream()._htmx?.sse) htmx.trigger(stream(), "again");
  }, POLL_MS);

  // What is sent. The same form again acts once: it has a key.
  let sending = null;
  const meant = () => [...document.querySelectorAll(".bar form, .asked form")].map((form) => form.action).join(" ");
  let changedAt = 0, before;
  const again = (form, submitter) => {
    const since = sending?.form === form ? sending.since : Date.now();
    sending = { form, since };
    const giveUp = () => {
      sending = null;
      say("Not done: the server has not answered for a minute. Answer by the link in the message, a reply, or the call.");
    };
    if (Date.now() - since > GIVEN_UP_MS) return giveUp();
    say("Not sent yet: the server does not answer. Trying again…");
    setTimeout(() => {
      if (sending?.form !== form) return;
      if (form.isConnected) form.requestSubmit(submitter);
      else giveUp();
    }, AGAIN_MS);
  };
  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.whole) return event.stopImmediatePropagation();
    if (form.closest(".bar, .asked") && Date.now() - changedAt < STEADY_MS) {
      // What stood here a moment ago is what was meant.
      event.preventDefault();
      event.stopImmediatePropagation();
      say("This has just changed. Press again if you mean it.");
    }
  }, true);
  document.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail;
    if (!ctx?.request) return;
    if (ctx.request.method === "POST") return again(ctx.sourceElement, ctx.request.submitter);
    live(false);
  });
  document.addEventListener("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    const status = ctx.response.status;
    const isPost = ctx.request.method === "POST";
    if (status === 401) signedOut();
    else if (status === 503 && isPost) again(ctx.sourceElement, ctx.request.submitter);
    else if (!isPost && status >= 400) live(false);
    else if (status >= 500) say("The server could not do it. What you typed is still here; press again to try once more.");
    else {
      if (isPost) sending = null;
      return;
    }
    event.preventDefault();
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    before = meant();
    if (ctx.request.method === "POST" && ctx.text.includes("data-passkey")) {
      // A page that asks for a passkey needs its own script: nothing was done yet, and the form is sent whole.
      event.preventDefault();
      const form = ctx.sourceElement;
      form.dataset.whole = "yes";
      return form.requestSubmit(ctx.request.submitter);
    }
    const task = tasks.find((task) => task.type === "main");
    const next = task?.fragment.querySelector("#content");
    if (!next) return;
    if (ctx.request.method === "POST") {
      // On the same page what is typed elsewhere stays; another page has nothing of this one.
      const isSame = main().dataset.live !== undefined && main().dataset.live === next.dataset.live;
      if (isSame) ctx.sourceElement.reset();
      else task.swapSpec.style = "outerHTML";
    } else if (isLook(ctx)) {
      // What was just told stays until the next act.
      const notice = main().querySelector(":scope > .notice[role]");
      const stands = next.querySelector(":scope > .notice[role]");
      if (notice && !stands) next.querySelector(":scope > #stream")?.after(notice.cloneNode(true));
    }
  });
  const asked = () => document.querySelectorAll("article.asked").length;
  let askedBefore = asked();
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    if (meant() !== before) changedAt = Date.now();
    const count = asked();
    if (count > askedBefore) document.getElementById("asked-now")?.replaceChildren("You are asked for something new.");
    askedBefore = count;
    if (ctx.request?.method === "POST") {
      document.body.dataset.sent = String(Number(document.body.dataset.sent ?? 0) + 1);
      if (ctx.response.raw.redirected) history.replaceState(null, "", ctx.response.raw.url);
      else if (main().dataset.live) history.replaceState(null, "", main().dataset.live);
      const first = main().querySelector("[autofocus]");
      if (first) first.focus();
      else if (!main().contains(document.activeElement)) {
        main().tabIndex = -1;
        main().focus({ preventScroll: true });
      }
      document.querySelector("main > .notice[role]")?.scrollIntoView({ block: "nearest" });
    }
    if (isLook(ctx) && isOlder()) setTimeout(look, 500);
    live(true);
  });
})();
