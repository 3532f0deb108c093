// Where the grid's posts come from: first the page itself, then the server by range.
export function readData() {
  return JSON.parse(document.getElementById("calendar-data").textContent);
}

export class Source {
  constructor(data) {
    this.data = data;
    this.filters = data.filters;
    this.kept = { first: data.first, end: data.end, body: data.loaded };
  }

  narrowed() {
    return this.filters.profile.length > 0 || this.filters.state.length > 0;
  }

  narrow(filters) {
    this.filters = filters;
    this.forget();
  }

  forget() {
    this.kept = null;
  }

  /** Events of a range; asks the server only for what the page doesn't have. */
  async load({ startStr, endStr }) {
    const first = startStr.slice(0, 10);
    const end = endStr.slice(0, 10);
    if (!this.kept || first < this.kept.first || end > this.kept.end) {
      this.kept = { first, end, body: await this.ask(first, end) };
    }
    const { profiles, posts } = this.kept.body;
    return posts.map((post) => toEvent(post, profiles, this.data));
  }

  async ask(first, end) {
    const query = new URLSearchParams({ start: first, end });
    for (const id of this.filters.profile) query.append("profile", id);
    for (const state of this.filters.state) query.append("state", state);
    const headers = { Accept: "application/json" };
    const answer = await fetch(`${this.data.urls.posts}?${query}`, { headers });
    if (answer.status === 401) location.reload();
    if (!answer.ok) throw new Error(`The calendar's posts: ${answer.status}`);
    return answer.json();
  }
}

/** A post as the server sends it, with its profiles looked up, as an event. */
export function toEvent(post, ids, data) {
  const profiles = post.on.map((place) => data.profiles.find(({ id }) => id === ids[place]));
  return {
    id: post.id,
    title: post.text,
    start: post.at,
    url: address(data.urls.post, post.id),
    startEditable: data.mayEdit && !post.fixed,
    extendedProps: { post, profiles: profiles.filter(Boolean) },
  };
}

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Addresses come with a placeholder where the id goes. */
export function address(template, id) {
  return template.replace(NOBODY, id);
}
