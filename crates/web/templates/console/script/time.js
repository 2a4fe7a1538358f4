// Times: the clock of the head goes, and how far something is from now stays true, by the server's clock.
(() => {
  "use strict";
  const MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
  const main = () => document.getElementById("content");

  // How far the clock of this device is from the server's, at the time of the page.
  let behind = 0;
  const set = () => {
    const server = Date.parse(main()?.dataset.now ?? "");
    if (!Number.isNaN(server)) behind = server - Date.now();
  };
  const now = () => Math.floor((Date.now() + behind) / 1000);

  const two = (large, largeUnit, small, smallUnit) =>
    small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
  const days = (count) => (count === 1 ? "day" : "days");
  const duration = (seconds) => {
    if (seconds < MINUTE) return `${seconds} s`;
    if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
    return two(Math.floor(seconds / HOUR), "h", Math.floor((seconds % HOUR) / MINUTE), "min");
  };
  const far = (seconds) => {
    if (seconds < 12 * HOUR) return duration(seconds);
    if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h`;
    const whole = Math.floor(seconds / DAY);
    if (whole < 60) return `${whole} ${days(whole)}`;
    return whole < 730 ? `${Math.floor(whole / 30)} months` : `${Math.floor(whole / 365)} years`;
  };
  // As the server says it.
  const fromNow = (seconds) => {
    if (seconds === 0) return "now";
    if (seconds < 0) return `${far(-seconds)} ago`;
    if (seconds >= 10 * MINUTE) return `in ${far(seconds)}`;
    return `in ${Math.floor(seconds / MINUTE)}:${String(seconds % MINUTE).padStart(2, "0")} min`;
  };

  const tick = () => {
    if (document.hidden) return;
    const at = now();
    document.querySelectorAll("[data-far]").forEach((element) => {
      const then = Date.parse(element.closest("time").dateTime) / 1000;
      const words = fromNow(then - at);
      if (element.textContent !== words) element.textContent = words;
    });
    const clock = document.querySelector(".who .clock");
    const zone = clock?.title;
    if (!zone) return;
    const shown = new Date(at * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
    const time = clock.querySelector("time");
    if (time.textContent !== shown) time.textContent = shown;
  };
  // A zone that nobody has said yet is that of the device.
  for (const field of document.querySelectorAll("input[data-zone]:not([aria-invalid])")) {
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || field.value;
  }
  set();
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
  document.addEventListener("htmx:after:swap", () => { set(); tick(); });
})();
