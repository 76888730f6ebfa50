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
