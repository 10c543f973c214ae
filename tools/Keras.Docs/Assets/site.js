"use strict";
(() => {
  const root = document.documentElement.dataset.root;
  const [menu, theme] = [document.querySelector(".menu"), document.querySelector(".theme")];
  const [input, found] = [document.querySelector(".search input"), document.querySelector(".found")];

  const nav = document.querySelector("nav.contents");
  const current = nav.querySelector("[aria-current]");
  const showCurrent = () => { if (current) nav.scrollTop = current.offsetTop - nav.offsetTop - nav.clientHeight / 2; };
  showCurrent();
  menu.addEventListener("click", () => {
    menu.setAttribute("aria-expanded", document.body.classList.toggle("menu-open"));
    showCurrent();
  });
  theme.addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("theme", document.documentElement.dataset.theme); } catch { }
  });

  for (const pre of document.querySelectorAll("pre.code")) {
    const button = document.createElement("button");
    button.className = "copy";
    button.textContent = "copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(pre.querySelector("code").textContent);
      button.textContent = "copied";
      setTimeout(() => button.textContent = "copy", 1500);
    });
    pre.append(button);
  }

  // The index is read when a search begins: by a script, since a page that was opened as a file may not fetch.
  let loading;
  const index = () => loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = root + "assets/search-index.js";
    script.onload = () => resolve(searchIndex.map(([title, path, kind, words]) => ({ title, path, kind, words, low: title.toLowerCase(), lowWords: words.toLowerCase() })));
    script.onerror = () => { loading = undefined; reject(); };
    document.head.append(script);
  });

  const score = (row, terms) => {
    let sum = 0;
    for (const term of terms) {
      const at = row.low.indexOf(term);
      const name = row.low.split(".").at(-1);
      if (row.low === term || name === term) sum += row.kind === "page" ? 60 : 50 - Math.min(row.title.length, 40) / 4;
      else if (at >= 0) sum += (at === 0 ? 24 : 14) + (row.kind === "page" ? 12 : 0) - Math.min(row.title.length, 40) / 10;
      else if (row.lowWords.includes(term)) sum += row.kind === "page" ? 8 : 3;
      else return 0;
    }
    return sum + (row.kind === "class" ? 3 : row.title.startsWith("keras.") ? 2 : 0);
  };

  const escape = text => text.replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  const marked = (text, terms) => escape(text).replace(new RegExp(`(${terms.map(t => escape(t).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi"), "<mark>$1</mark>");
  const excerpt = (row, terms) => {
    const at = Math.min(...terms.map(t => row.lowWords.indexOf(t)).filter(i => i >= 0), row.words.length);
    const from = at === row.words.length ? 0 : Math.max(0, at - 50);
    return (from > 0 ? "… " : "") + row.words.slice(from, from + 130);
  };

  const search = async () => {
    const terms = input.value.toLowerCase().split(/\s+/).filter(t => t.length > 0);
    found.hidden = terms.length === 0;
    if (terms.length === 0) return;
    let rows;
    try { rows = await index(); } catch { found.innerHTML = "<p>The index could not be read.</p>"; return; }
    const best = rows.map(row => ({ row, score: score(row, terms) })).filter(r => r.score > 0).sort((a, b) => b.score - a.score).slice(0, 30);
    found.innerHTML = best.length === 0 ? "<p>Nothing found.</p>" : best.map(({ row }) =>
      `<li><a href="${escape(root + row.path)}"><span class="kind">${escape(row.kind)}</span>${marked(row.title, terms)}<small>${marked(excerpt(row, terms), terms)}</small></a></li>`).join("");
  };

  const choose = step => {
    const links = [...found.querySelectorAll("a")];
    const now = links.findIndex(a => a.getAttribute("aria-selected") === "true");
    links[now]?.removeAttribute("aria-selected");
    const next = links[(now + step + links.length) % links.length];
    next?.setAttribute("aria-selected", "true");
    next?.scrollIntoView({ block: "nearest" });
  };

  input.addEventListener("input", search);
  input.addEventListener("focus", () => index().catch(() => { }));
  input.addEventListener("keydown", event => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(event.key === "ArrowDown" ? 1 : -1); }
    else if (event.key === "Enter") (found.querySelector("[aria-selected]") ?? found.querySelector("a"))?.click();
    else if (event.key === "Escape") { input.value = ""; found.hidden = true; input.blur(); }
  });
  found.addEventListener("click", () => found.hidden = true);
  document.addEventListener("click", event => { if (!event.target.closest(".search")) found.hidden = true; });
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !/input|textarea/i.test(document.activeElement.tagName)) { event.preventDefault(); input.focus(); }
  });
})();
