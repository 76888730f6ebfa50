/* Keys of the counter, lists moved by keyboard, a scanner that works anywhere, menus and dialogs. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (el) => el?.closest?.("input:not([type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select,[contenteditable],[role=combobox]");
  const desk = () => document.body.classList.contains("desk");

  // A list: one row is current; j k move it, Enter opens, x marks.
  const rows = () => $$("table[data-rows] tbody tr").filter((row) => row.offsetParent);
  const currentRow = () => $("table[data-rows] tr[aria-current=true]");
  function choose(row) {
    $$("tr[aria-current]").forEach((other) => { other.removeAttribute("aria-current"); other.removeAttribute("tabindex"); });
    if (!row) return;
    row.setAttribute("aria-current", "true");
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }
  function move(step) {
    const all = rows(), at = all.indexOf(currentRow());
    if (all.length) choose(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))]);
  }
  const openRow = (row) => { const link = $("a[href]", row); if (link) link.click(); else if (row.dataset.href) location.assign(row.dataset.href); };

  const act = {
    "/": () => { const box = $("[data-key='/']"); box?.focus(); box?.select(); return box; },
    "n": () => { if (!desk()) return false; location.assign($("a[aria-keyshortcuts='n']")?.href || "/desk/tiep-nhan/"); return true; },
    "j": () => { move(1); return rows().length; },
    "k": () => { move(-1); return rows().length; },
    "x": () => { const box = $("input[type=checkbox]", currentRow() || document.createElement("i")); box?.click(); return box; },
    "a": () => { const first = $("[data-actions] :is(a,button):not([disabled],[data-variant])") || $("[data-actions] :is(a,button):not([disabled])"); first?.focus(); first?.scrollIntoView({ block: "nearest" }); return first; },
    "p": () => { const print = $("[data-print],[data-do-print]"); print?.click(); return print; },
    "h": () => { const reveal = $("[data-reveal]"); reveal?.click(); return reveal; },
    "?": () => { const help = $("dialog#keys"); if (help && !help.open) help.showModal(); return help; },
  };

  // A scanner types a whole code within a few milliseconds per character and ends with Enter: outside a field that is a search.
  let burst = "", last = 0, firstKey = null;
  const FAST = 40, LEAST = 6;
  function scanned(event) {
    if (event.repeat) return false;
    const now = performance.now(), quick = now - last < FAST;
    last = now;
    if (event.key === "Enter") {
      const text = burst;
      burst = "";
      if (text.length < LEAST || !quick) return false;
      const form = $("[data-key='/']")?.form;
      if (!form) return false;
      form.elements.q.value = text;
      form.requestSubmit();
      return true;
    }
    if (event.key.length !== 1) return quick && burst.length > 0;
    burst = quick ? burst + event.key : event.key;
    return quick && burst.length > 1 && !/^[jkx]+$/.test(burst); // somebody running down a list is no scanner
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    if (typing(event.target) || $("dialog[open]")) { burst = ""; return; }
    if (scanned(event)) { clearTimeout(firstKey); event.preventDefault(); return; }
    const row = event.target.closest?.("tr[aria-current=true]");
    if (event.key === "Enter" && row && event.target === row) { openRow(row); event.preventDefault(); return; }
    const command = act[event.key];
    if (!command || event.repeat && !"jk".includes(event.key)) return;
    if (event.key === "/" || event.key === "?") event.preventDefault();
    // The letter may be the first of a scanned code: wait as long as a scanner would not.
    clearTimeout(firstKey);
    if ("jkx/?".includes(event.key)) command(); else firstKey = setTimeout(() => { burst = ""; command(); }, FAST + 10);
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-dialog]");
    if (opener) { document.getElementById(opener.dataset.openDialog)?.showModal(); return; }
    if (event.target.closest("[data-do-print]")) { window.print(); return; }
    if (event.target.matches("dialog")) event.target.close();
    const closer = event.target.closest("button[data-close-side]");
    if (closer) { closer.closest(".side-panel").remove(); currentRow()?.focus(); return; }
    $$("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    const row = event.target.closest("table[data-rows] tr[data-href]");
    if (row && !event.target.closest("a,button,input,label,select") && !String(getSelection())) { choose(row); openRow(row); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || $("dialog[open]")) return;
    const menu = $("details[data-menu][open]");
    if (menu) { menu.open = false; $("summary", menu).focus(); return; }
    if (!typing(event.target)) $(".side-panel [data-close-side]")?.click(); else if (event.target.id === "global-search") event.target.blur();
  });

  // Marked rows and what can be done with all of them.
  function countMarks(form) {
    const boxes = $$("tbody input[type=checkbox][name]", form), marked = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr")?.toggleAttribute("data-marked", box.checked));
    const all = $("[data-mark-all]", form), bar = $("[data-bulk]", form);
    if (all) { all.checked = boxes.length > 0 && marked.length === boxes.length; all.indeterminate = marked.length > 0 && !all.checked; }
    if (bar) { bar.hidden = marked.length === 0; $("[data-bulk-count]", bar).textContent = marked.length; }
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form");
    if (!form || !event.target.closest("table[data-rows]")) return;
    if (event.target.matches("[data-mark-all]")) $$("tbody input[type=checkbox][name]", form).forEach((box) => { box.checked = event.target.checked; });
    countMarks(form);
  });
  document.addEventListener("click", (event) => {
    const clear = event.target.closest("[data-bulk-clear]");
    if (!clear) return;
    $$("tbody input[type=checkbox]", clear.form).forEach((box) => { box.checked = false; });
    countMarks(clear.form);
  });
})();
