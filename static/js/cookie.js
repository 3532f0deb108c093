const YEAR_S = 31536000;

/** Keep a preference the server reads when it draws the page; "" forgets it. */
export function keep(name, value) {
  const age = value ? YEAR_S : 0;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${age}; samesite=lax${secure}`;
}
