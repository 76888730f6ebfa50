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
/* Forms: nothing typed is lost, nothing is sent twice, the first error is under the cursor; htmx within the strict policy. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const say = (vi, en) => (document.documentElement.lang === "en" ? en : vi);
  const STORE = "haicap-draft:", KEEP_DAYS = 14, KEEP_DAYS_OF_A_GUEST = 1; // a guest may sit at a shared machine
  let leaving = false;

  function toast(text, tone = "error", button = null) {
    const box = document.createElement("div"), words = document.createElement("p");
    box.className = `notice notice--${tone}`;
    words.textContent = text;
    box.append(document.createElement("span"), words);
    if (button) words.append(button);
    $("[data-toasts]")?.append(box);
    setTimeout(() => box.remove(), 8000);
  }

  // Drafts: <form data-draft="key"> is kept in this browser until it has been sent with success.
  const KEPT = "input:not([type=file],[type=password],[type=hidden],[type=submit],[type=button]),textarea,select";
  const fields = (form) => $$(KEPT, form).filter((el) => el.name && !el.hasAttribute("data-no-draft"));
  const place = (form) => STORE + (document.body.dataset.account || "") + ":" + form.dataset.draft;
  function read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } }
  function write(form) {
    const values = fields(form).map((el) => [el.name, el.type === "checkbox" || el.type === "radio" ? [el.value, el.checked] : el.value]);
    const files = $$("[data-file-drop]", form).map((drop) => [drop.dataset.name, $$("li[data-state=done]", drop).map((line) => [$(".file-drop__name", line).textContent, $("input[type=hidden]", line).value])]);
    try { localStorage.setItem(place(form), JSON.stringify({ at: Date.now(), values, files })); } catch { /* private mode or full: the page still works */ }
  }
  function restore(form, { values, files }) {
    const seen = {};
    for (const [name, value] of values) {
      const same = fields(form).filter((el) => el.name === name);
      const el = Array.isArray(value) ? same.find((one) => one.value === value[0]) : same[(seen[name] = (seen[name] ?? -1) + 1)];
      if (!el) continue;
      if (Array.isArray(value)) el.checked = value[1]; else el.value = value;
      el.dispatchEvent(new Event("change", { bubbles: true }));
    }
    for (const [name, list] of files || []) $(`[data-file-drop][data-name="${CSS.escape(name)}"]`, form)?.dispatchEvent(new CustomEvent("haicap:files", { detail: list }));
    form.dataset.dirty = "1";
  }
  function offer(form) {
    const kept = read(place(form));
    if (!kept || Date.now() - kept.at > (document.body.dataset.account ? KEEP_DAYS : KEEP_DAYS_OF_A_GUEST) * 864e5) { localStorage.removeItem(place(form)); return; }
    const note = document.createElement("div"), text = document.createElement("span");
    note.className = "notice notice--info draft";
    note.setAttribute("role", "status");
    const at = new Date(kept.at).toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "vi-VN", { dateStyle: "short", timeStyle: "short" });
    text.textContent = say(`Có bản nháp chưa gửi, lưu lúc ${at}.`, `There is an unsent draft, kept at ${at}.`);
    const use = document.createElement("button"), drop = document.createElement("button");
    for (const [button, words] of [[use, say("Dùng lại bản nháp", "Use the draft")], [drop, say("Bỏ bản nháp", "Discard it")]]) {
      button.type = "button"; button.className = "ds-button"; button.dataset.small = ""; button.dataset.variant = "secondary"; button.textContent = words;
    }
    use.onclick = () => { restore(form, kept); note.remove(); fields(form)[0]?.focus(); };
    drop.onclick = () => { localStorage.removeItem(place(form)); note.remove(); fields(form)[0]?.focus(); };
    note.append(text, use, drop);
    form.prepend(note);
  }

  let timer = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || form.method !== "post") return;
    form.dataset.dirty = "1";
    if (form.dataset.draft) { clearTimeout(timer); timer = setTimeout(() => write(form), 400); }
  });
  addEventListener("beforeunload", (event) => {
    if (leaving || !$("form[data-dirty][data-draft],form[data-dirty][data-warn]")) return;
    $$("form[data-dirty][data-draft]").forEach(write);
    event.preventDefault();
  });

  // One sending at a time. A page that comes back from the browser's memory is unlocked again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post") || form.hasAttribute("data-no-lock")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    leaving = true;
    if (form.dataset.draft) { write(form); sessionStorage.setItem("haicap-sent", place(form)); }
    const button = event.submitter;
    setTimeout(() => { form.setAttribute("aria-busy", "true"); button?.setAttribute("aria-disabled", "true"); button?.setAttribute("aria-busy", "true"); });
  });
  addEventListener("pageshow", () => {
    leaving = false;
    $$("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
      $$("[aria-busy]", form).forEach((el) => { el.removeAttribute("aria-disabled"); el.removeAttribute("aria-busy"); });
    });
  });

  // After an answer: a page that shows no error has taken the form, so its draft is done with. A refusal, a fault of the
  // server or a sign-in page in between leaves the draft where it is.
  function settle() {
    const wrong = $("[data-error-summary]") || $(".notice--error") || $("[aria-invalid=true]") || $("form[data-unsent]");
    const status = performance.getEntriesByType("navigation")[0]?.responseStatus || 200;
    const sent = sessionStorage.getItem("haicap-sent");
    if (sent && !$("input[type=password]")) {
      sessionStorage.removeItem("haicap-sent");
      if (!wrong && status < 400) localStorage.removeItem(sent);
    }
    ($("[data-error-summary]") || $("[aria-invalid=true]"))?.focus();
    $$("form[data-draft]").forEach((form) => { if (wrong && sent === place(form)) form.dataset.dirty = "1"; else offer(form); });
  }

  // A link of the error summary puts the cursor into its field.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-error-summary] a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const field = target.matches(KEPT) && target.offsetParent ? target : $(".combobox input,input,select,textarea", target.closest(".field")) || target;
    field.focus();
    field.closest(".field")?.scrollIntoView({ block: "center" });
  });

  // htmx: the token of the page's forms goes along; problems are said, never swallowed.
  document.addEventListener("htmx:configRequest", (event) => {
    const token = $("input[name=csrfmiddlewaretoken]");
    if (token) event.detail.headers["X-CSRFToken"] = token.value;
  });
  document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; } });
  document.addEventListener("htmx:afterSwap", (event) => { const wrong = $("[data-error-summary]", event.target) || $("[aria-invalid=true]", event.target); wrong?.focus(); });
  for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => toast(say("Mất kết nối. Chưa có gì bị mất; hãy thử lại.", "No connection. Nothing is lost; try again.")));
  document.addEventListener("htmx:responseError", (event) => {
    let text = say("Máy chủ chưa làm được việc này. Hãy thử lại.", "The server could not do this. Try again.");
    const told = event.detail.xhr.responseText;
    try { text = JSON.parse(told).detail || text; } catch { text = new DOMParser().parseFromString(told, "text/html").querySelector(".notice")?.textContent.trim() || text; }
    toast(text);
  });
  document.addEventListener("htmx:beforeRequest", (event) => { const form = event.target.closest?.("form"); form?.setAttribute("aria-busy", "true"); });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    form?.removeAttribute("aria-busy");
    if (form && form === event.target && event.detail.successful) { delete form.dataset.dirty; if (form.dataset.draft) localStorage.removeItem(place(form)); }
  });

  document.addEventListener("DOMContentLoaded", settle);
})();
/* Controls grown from plain ones: a list to type in, a place to drop files, a date with its strokes. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const say = (vi, en) => (document.documentElement.lang === "en" ? en : vi);
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  const make = (tag, attributes = {}, ...children) => {
    const el = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null) el.setAttribute(name, value);
    el.append(...children);
    return el;
  };
  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${document.body.dataset.sprite}#${name}`);
    svg.append(use);
    return svg;
  }

  // Combobox (WAI-ARIA 1.2, list autocomplete): a select stays in the form, hidden, and keeps the value; an input with a
  // list takes any text. Accents may be left out; the words may stand in any order.
  const SHOWN = 60;
  class Combobox {
    constructor(source) {
      this.source = source;
      this.isSelect = source.tagName === "SELECT";
      const list = this.isSelect ? null : document.getElementById(source.getAttribute("list"));
      this.options = [...(this.isSelect ? source.options : list?.options || [])]
        .filter((option) => option.value !== "" || !this.isSelect)
        .map((option) => ({ value: option.value, label: (option.label || option.text || option.value).trim() }))
        .map((option) => ({ ...option, folded: fold(option.label) }));
      this.build();
      if (!this.isSelect) source.removeAttribute("list");
    }
    build() {
      const { source } = this, id = source.id;
      this.box = make("div", { class: "combobox" });
      source.before(this.box);
      this.input = this.isSelect ? make("input", { type: "text", class: "ds-input", id }) : source;
      if (this.isSelect) {
        source.id = `${id}_value`;
        source.hidden = true;
        source.tabIndex = -1;
        for (const name of ["aria-describedby", "aria-invalid", "required", "autofocus"]) if (source.hasAttribute(name)) this.input.setAttribute(name, source.getAttribute(name));
        source.removeAttribute("required");
        const blank = $('option[value=""]', source);  // "any procedure": said where nothing is chosen
        if (blank) this.input.placeholder = blank.text.trim();
        this.show();
      }
      for (const [name, value] of Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}_choices`, spellcheck: "false" })) this.input.setAttribute(name, value);
      const label = $(`label[for="${CSS.escape(id)}"]`);
      this.list = make("ul", { role: "listbox", id: `${id}_choices`, class: "combobox__list", hidden: "", "aria-label": label ? label.textContent.trim() : "" });
      this.button = make("button", { type: "button", class: "combobox__open", tabindex: "-1", "aria-label": say("Mở danh sách", "Open the list") }, icon("chevron-down"));
      this.box.append(this.input, this.button, this.list, ...(this.isSelect ? [source] : []));
      this.input.addEventListener("input", () => { this.open(this.input.value); });
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("focus", () => { if (this.isSelect) this.input.select(); });
      this.input.addEventListener("blur", () => setTimeout(() => { if (!this.box.contains(document.activeElement)) { this.settle(); this.close(); } }, 120));
      this.button.addEventListener("click", () => { if (this.list.hidden) { this.input.focus(); this.open(""); } else this.close(); });
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => { const option = event.target.closest("[role=option]"); if (option) this.choose(option); });
      if (this.isSelect) source.addEventListener("change", () => this.show());
      if (this.isSelect && source.autofocus && [document.body, source].includes(document.activeElement)) this.input.focus();
    }
    show() { const option = this.source.selectedOptions[0]; this.input.value = option && option.value !== "" ? option.text.trim() : ""; }
    matches(text) {
      const words = fold(text.trim()).split(/\s+/).filter(Boolean);
      const found = this.options.filter((option) => words.every((word) => option.folded.includes(word)));
      return words.length ? found.sort((a, b) => b.folded.startsWith(words[0]) - a.folded.startsWith(words[0])) : found;
    }
    open(text) {
      const found = this.matches(text), shown = found.slice(0, SHOWN);
      this.list.replaceChildren(...shown.map((option, i) => make("li", { role: "option", id: `${this.input.id}_choice_${i}`, "data-value": option.value, "aria-selected": "false" }, option.label)));
      if (!found.length) this.list.append(make("li", { class: "combobox__none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, say("Không có mục nào khớp", "Nothing matches")));
      if (found.length > SHOWN) this.list.append(make("li", { class: "combobox__none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, say(`Còn ${found.length - SHOWN} mục nữa; gõ thêm để thu hẹp`, `${found.length - SHOWN} more; type on to narrow it`)));
      this.list.hidden = !this.isSelect && !found.length;
      this.input.setAttribute("aria-expanded", String(!this.list.hidden));
      this.mark(this.isSelect && text && found.length ? 0 : -1);
    }
    close() { this.list.hidden = true; this.input.setAttribute("aria-expanded", "false"); this.input.removeAttribute("aria-activedescendant"); }
    choices() { return $$("[role=option]:not([aria-disabled])", this.list); }
    mark(at) {
      const all = this.choices();
      all.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
      if (all[at]) { this.input.setAttribute("aria-activedescendant", all[at].id); all[at].scrollIntoView({ block: "nearest" }); } else this.input.removeAttribute("aria-activedescendant");
    }
    marked() { return this.choices().findIndex((option) => option.getAttribute("aria-selected") === "true"); }
    key(event) {
      const all = this.choices(), at = this.marked();
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (this.list.hidden) { this.open(this.isSelect ? "" : this.input.value); return; }
        this.mark(event.key === "ArrowDown" ? Math.min(at + 1, all.length - 1) : Math.max(at - 1, 0));
      } else if (event.key === "Enter" && !this.list.hidden && at >= 0) { event.preventDefault(); this.choose(all[at]); }
      else if (event.key === "Escape" && !this.list.hidden) { event.preventDefault(); event.stopPropagation(); this.close(); if (this.isSelect) this.show(); }
      else if (event.key === "Tab" && !this.list.hidden && at >= 0) this.choose(all[at]);
    }
    choose(option) {
      if (option.hasAttribute("aria-disabled")) return;
      const target = this.isSelect ? this.source : this.input;
      target.value = option.dataset.value;
      if (this.isSelect) this.show();
      this.close();
      target.dispatchEvent(new Event("input", { bubbles: true }));
      if (this.isSelect) target.dispatchEvent(new Event("change", { bubbles: true }));
      this.close();
    }
    settle() {
      if (!this.isSelect) return;
      const exact = this.options.find((option) => option.folded === fold(this.input.value.trim()));
      const value = this.input.value.trim() === "" ? "" : exact ? exact.value : this.source.value;
      if (value !== this.source.value) { this.source.value = value; this.source.dispatchEvent(new Event("change", { bubbles: true })); }
      this.show();
    }
  }

  // File drop: each file goes up at once with its progress; the form carries the ids (name + "_id").
  class FileDrop {
    constructor(root) {
      this.root = root;
      this.input = $("input[type=file]", root);
      this.list = $(".file-drop__list", root);
      this.zone = $(".file-drop__zone", root);
      this.words = root.dataset;
      this.needed = this.input.required;
      root.dataset.ready = "";
      this.input.addEventListener("change", () => { if (root.dataset.upload) { this.take([...this.input.files]); this.input.value = ""; } });
      for (const name of ["dragenter", "dragover"]) this.zone.addEventListener(name, (event) => { event.preventDefault(); this.zone.classList.add("file-drop__zone--over"); });
      for (const name of ["dragleave", "drop"]) this.zone.addEventListener(name, () => this.zone.classList.remove("file-drop__zone--over"));
      this.zone.addEventListener("drop", (event) => {
        event.preventDefault();
        if (root.dataset.upload) this.take([...event.dataTransfer.files]); else this.input.files = event.dataTransfer.files;
      });
      root.addEventListener("haicap:files", (event) => event.detail.forEach(([name, id]) => this.done(this.line({ name }), id)));
      root.addEventListener("click", (event) => {
        const button = event.target.closest("[data-remove-file]");
        if (button) { button.closest("li").remove(); this.require(); this.input.focus(); }
      });
    }
    require() { this.input.required = this.needed && !$("input[type=hidden]", this.list); }
    take(files) {
      if (!this.input.multiple) { this.list.replaceChildren(); files = files.slice(0, 1); }
      files.forEach((file) => this.send(file, this.line(file)));
    }
    line(file) {
      const remove = make("button", { type: "button", class: "icon-button", "data-remove-file": "", "aria-label": `${this.words.wordsRemove} ${file.name}` }, icon("x"));
      const line = make("li", { class: "file-drop__file", "data-state": "busy" }, make("span", { class: "file-drop__name" }, file.name), make("span", { class: "quiet", "data-said": "" }), remove);
      this.list.append(line);
      return line;
    }
    said(line, state, text) { line.dataset.state = state; $("[data-said]", line).textContent = text; }
    done(line, id) {
      this.said(line, "done", this.words.wordsDone);
      const hidden = (part, value) => make("input", { type: "hidden", name: `${this.words.name}_${part}`, value });
      line.append(hidden("id", id), hidden("name", $(".file-drop__name", line).textContent));
      this.require();
      this.input.dispatchEvent(new Event("input", { bubbles: true })); // the draft takes note
    }
    send(file, line) {
      const largest = Number(this.words.maxMb || 0);
      if (largest && file.size > largest * 2 ** 20) { this.said(line, "failed", this.words.wordsLarge); return; }
      const bar = make("progress", { max: "1", value: "0", "aria-label": file.name }), body = new FormData(), request = new XMLHttpRequest();
      body.append("file", file);
      line.append(bar);
      this.said(line, "busy", this.words.wordsBusy);
      request.open("POST", this.words.upload);
      request.setRequestHeader("X-CSRFToken", $("input[name=csrfmiddlewaretoken]")?.value || "");
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
      const failed = (text) => {
        bar.remove();
        const again = make("button", { type: "button", class: "quiet-button" }, icon("rotate-ccw"), text || this.words.wordsFailed);
        again.onclick = () => this.send(file, line);
        line.dataset.state = "failed";
        $("[data-said]", line).replaceChildren(again);
      };
      request.onerror = () => failed();
      request.onload = () => {
        let answer = {};
        try { answer = JSON.parse(request.responseText); } catch { /* not JSON: treated as a failure below */ }
        if (request.status >= 300 || !answer.id) { failed(answer.detail); return; }
        bar.remove();
        this.done(line, answer.id);
      };
      request.send(body);
    }
  }

  // Date: strokes appear after day and month while typing forward; leaving the box tidies 5/9/2025 into 05/09/2025.
  document.addEventListener("input", (event) => {
    const box = event.target;
    if (!box.matches?.("[data-date]") || event.inputType?.startsWith("delete")) return;
    if (/^\d{2}$|^\d{2}\/\d{2}$/.test(box.value)) box.value += "/";
    else if (/^\d{3,8}$/.test(box.value)) box.value = [box.value.slice(0, 2), box.value.slice(2, 4), box.value.slice(4)].filter(Boolean).join("/");
    else box.value = box.value.replace(/\/{2,}/g, "/");
  });
  document.addEventListener("focusout", (event) => {
    const parts = event.target.matches?.("[data-date]") && event.target.value.trim().match(/^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})$/);
    if (parts) event.target.value = `${parts[1].padStart(2, "0")}/${parts[2].padStart(2, "0")}/${parts[3]}`;
  });

  // Copy: a button that holds a text; it shows itself only where the browser lets a page write to the clipboard.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const words = $("span", button), before = words.textContent;
    try { await navigator.clipboard.writeText(button.dataset.copy); words.textContent = say("Đã chép", "Copied"); } catch { words.textContent = say("Chưa chép được", "Not copied"); }
    setTimeout(() => { words.textContent = before; }, 2500);
  });

  function grow(root) {
    if (navigator.clipboard) $$("[data-copy][hidden]", root).forEach((el) => { el.hidden = false; });
    $$("select[data-combobox]:not([hidden]),input[data-combobox][list]", root).forEach((el) => new Combobox(el));
    $$("[data-file-drop]:not([data-ready])", root).forEach((el) => new FileDrop(el));
  }
  document.addEventListener("DOMContentLoaded", () => grow(document));
  document.addEventListener("htmx:afterSwap", (event) => grow(event.target));
})();
