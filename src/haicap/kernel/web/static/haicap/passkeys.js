/* Passkeys: what a form cannot do by itself. Without this script, or in a browser without passkeys, the forms stay hidden and
   codes remain. <form data-passkey="create" data-options="…"> or <form data-passkey="get" data-challenge="/address/">. */
(() => {
  "use strict";
  const say = (vi, en) => (document.documentElement.lang === "en" ? en : vi);
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const keys = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

  async function create(form) {
    const asked = JSON.parse(form.dataset.options);
    const publicKey = { ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: keys(asked.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey });
    return { id: made.id, rawId: text(made.rawId), type: made.type, clientExtensionResults: {}, response: { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) } };
  }
  async function get(form) {
    const answer = await fetch(form.dataset.challenge, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail || "");
    const asked = await answer.json();
    const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: keys(asked.allowCredentials) };
    const { id, rawId, type, response } = await navigator.credentials.get({ publicKey });
    return { id, rawId: text(rawId), type, clientExtensionResults: {}, response: { clientDataJSON: text(response.clientDataJSON), authenticatorData: text(response.authenticatorData), signature: text(response.signature), userHandle: response.userHandle && response.userHandle.byteLength ? text(response.userHandle) : null } };
  }
  const reasons = {
    NotAllowedError: ["Chưa xác nhận trên thiết bị, hoặc đã quá lâu. Hãy bấm lại.", "It was not confirmed on the device, or took too long. Press again."],
    InvalidStateError: ["Thiết bị này đã có khóa truy cập của tài khoản. Hãy dùng thiết bị khác.", "This device has a passkey of the account already. Use another device."],
    SecurityError: ["Khóa truy cập không dùng được ở địa chỉ này.", "Passkeys do not work at this address."],
    NotSupportedError: ["Thiết bị này không tạo được khóa truy cập.", "This device cannot make passkeys."],
  };
  async function run(form, event) {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]"), problem = form.querySelector("[data-passkey-problem]");
    problem.hidden = button.disabled = true;
    try {
      form.elements.credential.value = JSON.stringify(await (form.dataset.passkey === "create" ? create : get)(form));
      form.submit();
    } catch (error) {
      const known = reasons[error.name];
      problem.lastElementChild.textContent = known ? say(...known) : error.message || say("Không dùng được khóa truy cập. Hãy thử lại.", "The passkey did not work. Try again.");
      problem.hidden = button.disabled = false;
    }
  }
  const possible = window.isSecureContext && window.PublicKeyCredential && navigator.credentials;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = !possible;
    form.addEventListener("submit", (event) => run(form, event));
  }
  for (const one of document.querySelectorAll("[data-with-passkeys]")) one.hidden = !possible;
  for (const one of document.querySelectorAll("[data-without-passkeys]")) one.hidden = possible;
})();
