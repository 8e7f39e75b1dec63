"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  if (!document.getElementById("map") || !window.L) return;

  /* Everything a file of the plan says reaches the page through textContent, never as markup. */
  const made = (tag, words, className) => {
    const element = document.createElement(tag);
    if (words !== undefined) element.textContent = words;
    if (className) element.className = className;
    return element;
  };
  const at = (id) => document.getElementById(id);
  const facts = (list, rows) => {
    list.replaceChildren(...rows.map(([name, value]) => {
      const row = made("div");
      row.append(made("dt", name), made("dd", value));
      return row;
    }));
  };
  const card = (title, words) => {
    const box = made("div");
    box.append(made("strong", title), ...words.map((line) => made("div", line)));
    return box;
  };
  const partyOf = new Map(data.parties.map((party, place) => [party.id, place % 6]));
  const sorties = data.sorties;
  const byId = new Map(sorties.map((one) => [one.id, one]));
  const last = data.days.length;
  let day = -1; // the whole plan
  let chosen = null;

  /* ---- map ---- */
  const map = L.map("map", { zoomControl: true, attributionControl: true, zoomSnap: 0.25, worldCopyJump: false });
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution(made("span", data.credit).outerHTML);
  for (const [name, level] of [["backdrop", 200], ["sky", 300], ["ground", 320], ["zones", 340], ["paths", 360], ["places", 380]]) {
    map.createPane(name).style.zIndex = level;
  }
  const rendererOf = (pane) => L.svg({ pane, padding: 0.5 });
  const renderers = Object.fromEntries(["backdrop", "sky", "ground", "zones", "paths", "places"].map((p) => [p, rendererOf(p)]));
  const shape = (make, where, pane, className, box) => {
    const layer = make(where, { pane, renderer: renderers[pane], className, interactive: Boolean(box) });
    if (box) layer.bindPopup(box, { maxWidth: 260 });
    return layer;
  };
  const groups = new Map();
  const group = (name) => {
    if (!groups.has(name)) groups.set(name, L.layerGroup().addTo(map));
    return groups.get(name);
  };
  const dated = []; // [layer, group, days it is there]

  data.backdrop.borders.forEach((line) => shape(L.polyline, line, "backdrop", "border-line").addTo(group("Borders and rivers")));
  data.backdrop.rivers.forEach((river) => shape(L.polyline, river.line, "backdrop", "river-line", card(river.name, [])).addTo(group("Borders and rivers")));
  const skies = { restricted: "Controlled sky", corridor: "Corridors", prohibited: "Prohibited areas", threat: "Threat areas" };
  for (const kind of ["restricted", "threat", "corridor", "prohibited"]) {
    data.areas.filter((area) => area.kind === kind).forEach((area) => {
      const layer = shape(L.polygon, area.ring, "sky", `area-${kind}`, card(area.name, area.words));
      dated.push([layer, group(skies[kind]), new Set(area.days)]);
    });
  }
  data.ground.forEach((area) => {
    const name = area.kind === "held" ? "Pockets held" : "Built-up areas";
    shape(L.polygon, area.rings, "ground", `ground-${area.kind}`, card(area.name, [name])).addTo(group(name));
  });
  data.zones.forEach((zone) => {
    const box = card(zone.name, zone.words);
    const layer = shape(L.polygon, zone.ring, "zones", "zone-shape", box);
    dated.push([layer, group("Zones"), new Set(zone.days)]);
    const dot = L.circleMarker(zone.at, { pane: "places", renderer: renderers.places, radius: 4, className: "place" });
    dot.bindPopup(box).bindTooltip(made("span", zone.name), { permanent: true, direction: "right", className: "label zone-label", offset: [6, 0] });
    dated.push([dot, group("Zones"), new Set(zone.days)]);
  });
  data.ellipses.forEach((one) => {
    const layer = shape(L.polygon, one.ring, "zones", "ellipse-shape", card(one.name, one.words));
    dated.push([layer, group("Where drops land (95 %)"), new Set(one.days)]);
  });
  data.bases.forEach((base) => {
    L.circleMarker(base.at, { pane: "places", renderer: renderers.places, radius: base.used ? 6 : 4, className: "place" })
      .bindPopup(card(base.name, [base.used ? "base of this plan" : "base, not used"]))
      .bindTooltip(made("span", base.name), { permanent: true, direction: "right", className: "label", offset: [6, 0] })
      .addTo(group("Bases"));
  });
  data.communities.forEach((one) => {
    L.circleMarker(one.at, { pane: "places", renderer: renderers.places, radius: 5, className: "place place-community" })
      .bindPopup(card(one.name, [one.words]))
      .addTo(group("Communities"));
  });
  const pathLayers = new Map();
  data.paths.forEach((path) => {
    if (path.line.length < 2) return;
    const layer = L.polyline(path.line, { pane: "paths", renderer: renderers.paths, className: `path-line party-${partyOf.get(path.party) ?? 0}` });
    layer.bindPopup(() => pathCard(path), { maxWidth: 320 });
    pathLayers.set(`${path.party} ${path.id}`, layer);
  });
  const keyOf = (sortie) => `${sortie.party} ${sortie.path}`;
  const shown = () => sorties.filter((one) => day < 0 || one.day === day);
  function pathCard(path) {
    const own = shown().filter((one) => keyOf(one) === `${path.party} ${path.id}`);
    const box = card(path.id, [`${own.length} ${own.length === 1 ? "sortie" : "sorties"} ${day < 0 ? "in the whole plan" : "today"}`]);
    own.slice(0, 12).forEach((one) => box.append(sortieButton(one)));
    if (own.length > 12) box.append(made("div", `and ${own.length - 12} more: choose a day`));
    return box;
  }
  function sortieButton(one) {
    const button = made("button", day < 0 ? `${data.days[one.day].title.split(",")[0]}: ${one.line}` : one.line);
    button.type = "button";
    button.dataset.sortie = one.id;
    button.setAttribute("aria-pressed", String(chosen === one.id));
    button.addEventListener("click", () => choose(one.id));
    return button;
  }

  /* ---- which layers ---- */
  const swatches = {
    "Controlled sky": "area-restricted", "Corridors": "area-corridor", "Prohibited areas": "area-prohibited",
    "Threat areas": "area-threat", "Pockets held": "ground-held", "Built-up areas": "ground-built_up",
    "Zones": "zone-shape", "Where drops land (95 %)": "ellipse-shape", "Communities": "place place-community", "Borders and rivers": "river-line",
  };
  group("Paths flown");
  for (const [name, layers] of groups) {
    const label = made("label");
    const box = made("input");
    box.type = "checkbox";
    box.checked = true;
    box.addEventListener("change", () => (box.checked ? layers.addTo(map) : layers.remove()));
    label.append(box);
    if (swatches[name]) {
      const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      icon.setAttribute("width", "18"); icon.setAttribute("height", "12"); icon.setAttribute("aria-hidden", "true");
      const mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [key, value] of [["x", 1], ["y", 1], ["width", 16], ["height", 10], ["class", swatches[name]]]) mark.setAttribute(key, value);
      icon.append(mark);
      label.append(icon);
    }
    label.append(made("span", name));
    at("layers").append(label);
  }
  data.parties.forEach((party) => {
    const label = made("span");
    label.append(made("span", "━", `fill-${partyOf.get(party.id)}`), made("span", ` paths of ${party.name}`));
    at("layers").append(label);
  });

  /* ---- views ---- */
  const all = L.latLngBounds([...data.bases.filter((b) => b.used).map((b) => b.at), ...data.zones.map((z) => z.at), ...data.paths.flatMap((p) => p.line)]);
  const near = L.latLngBounds([...data.zones.flatMap((z) => z.ring), ...data.communities.map((c) => c.at), ...data.ellipses.flatMap((e) => e.ring)]);
  const fit = (bounds) => bounds.isValid() && map.fitBounds(bounds.pad(0.08), { animate: false });
  const names = () => map.getContainer().classList.toggle("far", map.getZoom() < 9.5);
  map.on("zoomend", names);
  if (all.isValid()) fit(all); else map.setView([0, 0], 2);
  names();
  at("view-whole").addEventListener("click", () => fit(all));
  at("view-zones").addEventListener("click", () => fit(near));

  /* ---- one day, or all ---- */
  const slider = at("day");
  slider.max = String(last);
  function show(next) {
    day = Math.min(last - 1, Math.max(-1, next));
    const now = day < 0 ? data.whole : data.days[day];
    slider.value = String(day + 1);
    slider.setAttribute("aria-valuetext", now.title);
    at("day-name").textContent = now.title;
    at("day-open").textContent = now.open || "Move the slider to a day to see what flies and what is open that day.";
    facts(at("day-facts"), now.facts);
    const flying = shown();
    at("sortie-count").textContent = `(${flying.length})`;
    at("sorties").replaceChildren(...(day < 0 ? [] : flying.map((one) => {
      const item = made("li");
      item.append(sortieButton(one));
      return item;
    })));
    const flown = new Set(flying.map(keyOf));
    const paths = group("Paths flown");
    paths.clearLayers();
    for (const [key, layer] of pathLayers) if (flown.has(key)) paths.addLayer(layer);
    for (const [layer, layers, days] of dated) {
      if (day < 0 ? days.size > 0 : days.has(day)) layers.addLayer(layer); else layers.removeLayer(layer);
    }
    if (chosen && day >= 0 && byId.get(chosen).day !== day) choose(null); else mark();
    timeline();
  }
  slider.addEventListener("input", () => show(Number(slider.value) - 1));
  at("day-before").addEventListener("click", () => show(day - 1));
  at("day-after").addEventListener("click", () => show(day + 1));

  /* ---- one sortie ---- */
  function choose(id) {
    chosen = id;
    const box = at("loads");
    box.replaceChildren();
    if (id) {
      const one = byId.get(id);
      const table = made("table");
      const head = made("tr");
      ["Cargo", "Bundles", "Dropped", "Lands", "Share"].forEach((name) => { const cell = made("th", name); cell.scope = "col"; head.append(cell); });
      const thead = made("thead");
      thead.append(head);
      const body = made("tbody");
      one.loads.forEach((row) => {
        const line = made("tr");
        row.forEach((cell, place) => { const c = made(place ? "td" : "th", cell); if (!place) c.scope = "row"; line.append(c); });
        body.append(line);
      });
      table.append(made("caption", "Loads"), thead, body);
      const list = made("dl", undefined, "facts");
      facts(list, one.facts);
      box.append(made("h3", one.title), table, list);
      box.scrollIntoView({ block: "nearest" });
    }
    mark();
  }
  function mark() {
    document.querySelectorAll("[data-sortie]").forEach((element) => {
      const on = element.dataset.sortie === chosen;
      if (element.tagName === "BUTTON") element.setAttribute("aria-pressed", String(on)); else element.classList.toggle("chosen", on);
    });
    for (const [key, layer] of pathLayers) {
      const element = layer.getElement();
      if (element) element.classList.toggle("chosen", Boolean(chosen) && keyOf(byId.get(chosen)) === key);
    }
  }

  /* ---- timeline ---- */
  const activities = ["loading", "outbound", "at the zone", "inbound", "refuelling"];
  const drawn = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  function timeline() {
    const longest = Math.max(4, ...data.tails.map((tail) => tail.length));
    const left = Math.min(260, 12 + 7 * longest), high = 22, top = 22;
    const width = Math.max(560, at("timeline").parentElement.clientWidth - 8);
    const rows = new Map(data.tails.map((tail, place) => [tail, top + place * high]));
    const svg = drawn("svg", { width, height: top + data.tails.length * high + 8, role: "img", "aria-label": day < 0 ? "Sorties of the whole plan by tail and day" : "Sorties of the day by tail and minute" });
    const whole = day < 0;
    let low = 0, span = last * 1440;
    if (!whole) {
      const own = data.activities.filter((row) => row[0] === day);
      const starts = [...own.map((row) => row[3]), ...shown().map((one) => one.from)];
      const ends = [...own.map((row) => row[4]), ...shown().map((one) => one.to)];
      low = Math.floor(Math.min(360, ...starts) / 60) * 60;
      span = Math.max(60, Math.ceil(Math.max(1080, ...ends) / 60) * 60 - low);
    }
    const x = (minute) => left + ((minute - low) / span) * (width - left - 12);
    const marks = whole ? [0, 0.25, 0.5, 0.75].map((part) => Math.round(part * last)).filter((v, i, a) => a.indexOf(v) === i)
      : Array.from({ length: Math.floor(span / 120) + 1 }, (_, hour) => low + hour * 120);
    marks.forEach((value) => {
      const place = x(whole ? value * 1440 : value);
      svg.append(drawn("line", { x1: place, x2: place, y1: top - 4, y2: top + data.tails.length * high, class: "axis" }));
      const text = drawn("text", { x: place + 2, y: 12 });
      text.textContent = whole ? data.days[Math.min(value, last - 1)].title.split(",")[0].split(" ").slice(1, 3).join(" ") : `${String(Math.floor(value / 60)).padStart(2, "0")}:${String(value % 60).padStart(2, "0")}`;
      svg.append(text);
    });
    for (const [tail, y] of rows) {
      const text = drawn("text", { x: 0, y: y + 15 });
      text.textContent = tail;
      svg.append(text);
    }
    const bar = (start, end, tail, className, words, sortie) => {
      const rect = drawn("rect", { x: x(start), y: rows.get(tail) + 3, width: Math.max(whole ? 3 : 2, x(end) - x(start)), height: high - 6, class: className });
      const title = drawn("title", {});
      title.textContent = words;
      rect.append(title);
      if (sortie) {
        rect.dataset.sortie = sortie.id;
        rect.addEventListener("click", () => { if (whole) show(sortie.day); choose(sortie.id); });
      }
      svg.append(rect);
    };
    if (whole || !data.activities.length) {
      shown().forEach((one) => bar((whole ? one.day * 1440 : 0) + one.from, (whole ? one.day * 1440 : 0) + one.to, one.tail, `fill-${partyOf.get(one.party) ?? 0}`, `${one.title}: ${one.line}`, one));
      at("timeline-key").replaceChildren();
    } else {
      data.activities.filter((row) => row[0] === day).forEach(([, tail, activity, start, end, place]) => {
        if (!rows.has(tail)) return;
        const own = shown().find((one) => one.tail === tail && one.from <= end && start <= one.to);
        bar(start, end, tail, `fill-${(activities.indexOf(activity) + 8) % 8}`, `${tail}: ${activity}, ${place}`, own);
      });
      at("timeline-key").replaceChildren(...activities.map((name, place) => {
        const item = made("span");
        item.append(made("span", "■", `fill-${place}`), made("span", name));
        return item;
      }));
    }
    at("timeline").replaceChildren(svg);
    mark();
  }
  window.addEventListener("resize", timeline);
  const printed = () => { map.invalidateSize({ animate: false }); fit(all); };
  window.addEventListener("beforeprint", printed);
  window.matchMedia("print").addEventListener("change", printed);
  show(-1);
})();
