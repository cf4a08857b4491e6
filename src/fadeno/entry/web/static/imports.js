// A wrong guess is corrected in one click: what a column becomes is read anew as soon as it is chosen.
document.querySelector("form[data-columns]")?.addEventListener("change", (event) => {
  if (event.target.matches("select")) event.currentTarget.requestSubmit();
});
