/* A click on a button waits for the save under way: two saves of one page never cross. What is
   changed during a save stays: the answer, which knows nothing of it, does not draw it again. */
(function () {
  "use strict";

  var touched = new Set(); /* changed since the save under way was sent */
  var unshown = []; /* fields the last answer could not draw: the page shows them as before */
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

  /* A name leaves the list of the fields shown as wrong, or enters it. */
  function toggled(list, name) {
    var names = list.split(",").filter(Boolean);
    var others = names.filter(function (other) {
      return other !== name;
    });
    return (others.length < names.length ? others : names.concat(name)).join(",");
  }

  ["input", "change"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      if (isOurs(event.target)) {
        touched.add(event.target);
      }
    });
  });

  /* The server is told what the page shows, not what the last answer wanted to show. */
  document.addEventListener("htmx:configRequest", function (event) {
    var shown = event.detail.parameters;
    if (isOurs(event.detail.elt) && shown.vue_erreurs !== undefined) {
      shown.vue_erreurs = unshown.reduce(toggled, shown.vue_erreurs);
    }
  });

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (!isOurs(event.detail.elt)) {
      return;
    }
    if (leaving) {
      event.preventDefault();
    } else {
      pending += 1;
      touched.clear();
    }
  });

  document.addEventListener("htmx:beforeSwap", function (event) {
    if (isOurs(event.detail.elt)) {
      unshown = [];
    }
  });

  document.addEventListener("htmx:oobBeforeSwap", function (event) {
    var part = event.detail.target;
    var busy = Array.from(touched).some(function (field) {
      return part.contains(field);
    });
    if (busy) {
      event.detail.shouldSwap = false;
      if (part.id.indexOf("c-") === 0) {
        unshown.push(part.id.slice(2));
      }
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
