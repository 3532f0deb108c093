/** Open a <dialog> by its id; focus returns to where it was when it closes. */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return dialog;
  closeMenus();
  dialog.showModal();
  return dialog;
}

export function closeDialog(dialog) {
  if (!dialog.open) return;
  if (dialog.dispatchEvent(new Event("cancel", { cancelable: true }))) dialog.close();
}

// Where the press began: selecting text must not close a dialog by ending outside it.
let pressed = null;

export function initDialogs() {
  document.addEventListener("pointerdown", (event) => {
    pressed = event.target;
  });
  document.addEventListener("click", onClick);
  // A fragment fetched into #dialogs or a drawer opens by itself.
  document.addEventListener("htmx:afterSwap", (event) => {
    for (const dialog of event.target.querySelectorAll("dialog[data-open-on-load]")) {
      delete dialog.dataset.openOnLoad;
      if (!dialog.open) dialog.showModal();
    }
  });
}

function onClick(event) {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    event.preventDefault();
    swapSheets(opener);
    openDialog(opener.dataset.dialogOpen);
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) closeDialog(closer.closest("dialog"));
  else if (isBackdrop(event)) closeDialog(event.target);
}

// A sheet that only leads to another dialog gives way to it.
function swapSheets(opener) {
  opener.closest("dialog#account-sheet")?.close();
}

// A press on the backdrop hits the dialog element outside of its own box. One that
// holds typed text (data-keep-open) is left by its buttons or Esc only.
function isBackdrop(event) {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || pressed !== dialog) return false;
  if ("keepOpen" in dialog.dataset) return false;
  const box = dialog.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}

function closeMenus() {
  for (const open of document.querySelectorAll('[data-bs-toggle="dropdown"].show')) {
    window.bootstrap?.Dropdown.getInstance(open)?.hide();
  }
}
