// What the form holds, read from the form itself: its fields are the only state.
export class Composer {
  constructor(root) {
    this.root = root;
    this.form = root.querySelector("[data-composer]");
    this.data = JSON.parse(this.form.querySelector("#composer-data").textContent);
    // Facts of the attached files by id; their order is the strip's.
    this.items = new Map(this.data.media.map((item) => [item.id, item]));
    this.listeners = [];
    this.active = "all";
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", () => this.changed());
  }

  /** Call with each change, whoever made it. */
  onChange(listener) {
    this.listeners.push(listener);
  }

  changed() {
    for (const listener of this.listeners) listener();
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  all(selector) {
    return [...this.root.querySelectorAll(selector)];
  }

  /** Ids of the profiles this post goes to, without those it is out on already. */
  chosen() {
    return this.all('input[name="profiles"]:checked:not(:disabled)').map((box) => box.value);
  }

  profile(id) {
    return this.data.profiles[id];
  }

  field(name, id) {
    return this.form.elements[`${name}-${id}`];
  }

  isOwn(id) {
    return Boolean(this.field("own", id)?.checked);
  }

  textOf(id) {
    return this.isOwn(id) ? this.field("text", id).value : this.form.elements.text.value;
  }

  /** The boxes of the texts that follow the post, in their order. */
  follows(id) {
    return this.all(`[data-follow="${id}"] textarea`);
  }

  files() {
    const ids = this.all('[data-strip] input[name="media"]').map((input) => input.value);
    return ids.map((id) => this.items.get(id)).filter(Boolean);
  }

  fittingKinds(id) {
    const files = this.files();
    return this.profile(id).kinds.filter((kind) => fits(kind, files));
  }

  /** The chosen kind, else the first that fits, as the server decides too. */
  kindOf(id) {
    const { kinds } = this.profile(id);
    const asked = this.field("kind", id)?.value;
    return kinds.find(({ key }) => key === asked) || this.fittingKinds(id)[0] || kinds[0];
  }
}

function fits(kind, files) {
  const enough = kind.min_media <= files.length && files.length <= kind.max_media;
  return enough && files.every((file) => kind.media.includes(file.kind));
}
