"use strict";
// The page of a claim is text until someone asks for it, so that a report of many claims opens at once. The part of the
// address behind # names the page: a claim's id, front, or all. Also here: filters, sorting, the lines of a claim in the
// picture.
(() => {
  const byId = (id) => document.getElementById(id);
  const main = byId("main");
  const front = byId("front");
  const title = document.title;
  const pages = new Map([...document.querySelectorAll("script[data-page]")].map((text) => [text.dataset.page, text]));

  // A character for private use stands for an element that is frequent (shorthand.py).
  let meanings = null;
  function written(text) {
    meanings = meanings || JSON.parse(byId("shorthand").textContent);
    return meanings.length ? text.replace(/[\ue000-\uf8ff]/g, (mark) => meanings[mark.charCodeAt(0) - 0xe000]) : text;
  }

  function made(name) {
    if (!byId(name)) main.insertAdjacentHTML("beforeend", written(pages.get(name).textContent));
    return byId(name);
  }

  // A folded table becomes elements when it is opened for the first time; "toggle" does not bubble.
  document.addEventListener("toggle", (event) => {
    const held = event.target.querySelector(":scope > template");
    if (held && event.target.open) held.replaceWith(held.content);
  }, true);

  // Where each entry of the history was scrolled to: Back leads to the place that was left, a link to the top.
  history.scrollRestoration = "manual";
  const places = new Map();
  let entry = null;
  let routed = location.hash;
  function arrive() {
    const left = history.state;
    if (!left) history.replaceState({ entry: Math.random() }, "");
    entry = history.state.entry;
    routed = location.hash;
    return left ? places.get(entry) ?? left.y : undefined;
  }
  window.addEventListener("scroll", () => {
    if (location.hash === routed) places.set(entry, window.scrollY);
  }, { passive: true });
  window.addEventListener("pagehide", () => history.replaceState({ entry, y: window.scrollY }, ""));

  function route(moved) {
    const left = arrive();
    const name = decodeURIComponent(location.hash.slice(1));
    const all = name === "all";
    if (all) pages.forEach((_, page) => made(page));
    const page = pages.has(name) ? made(name) : front;
    main.classList.toggle("all", all);
    for (const section of main.children) section.hidden = !(all || section === page);
    document.title = page === front ? title : `${name} · ${title}`;
    if (left !== undefined) {
      page.querySelector("h1, h2").focus({ preventScroll: true });
      window.scrollTo(0, left);
      return;
    }
    if (!moved) return;
    const place = page === front && !all ? byId(name) : null;
    if (place && place !== front) {
      place.scrollIntoView();
    } else {
      window.scrollTo(0, 0);
      page.querySelector("h1, h2").focus({ preventScroll: true });
    }
  }
  window.addEventListener("hashchange", () => route(true));
  route(location.hash.length > 1);

  const table = byId("claims");
  const rows = [...table.tBodies[0].rows];
  const controls = ["filter", "origin", "verdict"].map(byId);
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

  function filter() {
    const [text, origin, verdict] = controls.map((control) => control.value);
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = words.every((word) => texts.get(row).includes(word))
        && (!origin || row.dataset.origin === origin) && (!verdict || row.dataset.verdict === verdict);
      row.hidden = !fits;
      shown += fits;
    }
    const asked = [text.trim() && `“${text.trim()}”`, origin, verdict].filter(Boolean).join(", ");
    byId("count").textContent = shown ? `${shown} of ${rows.length}` : `no claim matches ${asked}`;
    table.hidden = !shown;
  }
  controls.forEach((control) => control.addEventListener("input", filter));
  controls[0].form.addEventListener("submit", (event) => event.preventDefault());
  filter();

  for (const button of table.querySelectorAll("button[data-sort]")) {
    button.addEventListener("click", () => {
      const heading = button.closest("th");
      const down = heading.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("th[aria-sort]").forEach((other) => other.setAttribute("aria-sort", "none"));
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.dataset[button.dataset.sort];
      const order = (one, two) => key(one).localeCompare(key(two)) || one.dataset.claim.localeCompare(two.dataset.claim);
      rows.sort((one, two) => (down ? -1 : 1) * order(one, two));
      table.tBodies[0].append(...rows);
    });
  }

  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      if (front.hidden) location.hash = "front";
      setTimeout(() => controls[0].focus(), front.hidden ? 50 : 0);
    } else if (event.key === "Escape" && controls.includes(event.target)) {
      controls.forEach((control) => { control.value = ""; });
      filter();
    }
  });

  const network = byId("network");
  const edges = [...network.querySelectorAll("[data-above]")];
  for (const node of network.querySelectorAll("[data-claim]")) {
    const name = node.dataset.claim;
    const near = edges.filter((edge) => edge.dataset.above === name || edge.dataset.below === name);
    const light = (on) => () => {
      network.classList.toggle("focus", on);
      near.forEach((edge) => edge.classList.toggle("near", on));
    };
    node.addEventListener("focus", light(true));
    node.addEventListener("blur", light(false));
    node.addEventListener("mouseenter", light(true));
    node.addEventListener("mouseleave", light(false));
  }
})();
