/* A click on a button waits for the save under way: two saves of one page never cross. */
(function () {
  "use strict";

  var pending = 0;
  var leaving = false;
  var waiting = null;

  function isOurs(element) {
    return Boolean(element && element.closest && element.closest("[data-autosave]"));
  }

  /* The save may have drawn the button again: its twin does the same. */
  function stillThere(form, button) {
    if (!button || form.contains(button)) {
      return button;
    }
    return Array.prototype.find.call(form.querySelectorAll("button[name]"), function (other) {
      return other.name === button.name && other.value === button.value;
    });
  }

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (!isOurs(event.detail.elt)) {
      return;
    }
    if (leaving) {
      event.preventDefault();
    } else {
      pending += 1;
    }
  });

  document.addEventListener("htmx:afterRequest", function (event) {
    if (!isOurs(event.detail.elt) || pending === 0) {
      return;
    }
    pending -= 1;
    if (pending === 0 && waiting) {
      var click = waiting;
      waiting = null;
      /* After htmx has written the new version in the page. */
      window.setTimeout(function () {
        click.form.requestSubmit(stillThere(click.form, click.button));
      }, 0);
    }
  });

  document.addEventListener(
    "submit",
    function (event) {
      if (!event.target.hasAttribute("data-autosave")) {
        return;
      }
      if (pending > 0) {
        event.preventDefault();
        waiting = { form: event.target, button: event.submitter };
      } else {
        leaving = true;
      }
    },
    true
  );

  window.addEventListener("pageshow", function () {
    leaving = false;
  });
})();
