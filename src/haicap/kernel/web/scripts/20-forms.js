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
