// A form that a passkey fills in: data-passkey is "create" or "get", data-options the address of what the browser is asked.
// The answer goes into the fields `token` and `answer`, and the form is sent. Hidden where the browser knows no passkeys.
const knows = Boolean(window.PublicKeyCredential?.parseCreationOptionsFromJSON);

async function answer(form) {
  const asked = await (await fetch(form.dataset.options, { headers: { accept: "application/json" } })).json();
  const { PublicKeyCredential: Key } = window;
  const made =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: Key.parseCreationOptionsFromJSON(asked.options) })
      : await navigator.credentials.get({ publicKey: Key.parseRequestOptionsFromJSON(asked.options) });
  form.elements.token.value = asked.token;
  form.elements.answer.value = JSON.stringify(made.toJSON());
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form || form.elements.answer.value) return;
  event.preventDefault();
  try {
    await answer(form);
    form.submit();
  } catch (error) {
    // The person changed their mind, or the browser has none: the form stands as it was.
    form.dispatchEvent(new CustomEvent("passkey:refused", { detail: String(error), bubbles: true }));
  }
});

for (const form of document.querySelectorAll("form[data-passkey]")) form.hidden = !knows;
