/** Whose machine this page came from: a lying host could serve a lying page. */
export type Served =
  | { readonly by: 'host' }
  /** `glass console` on the user's own machine; `host` is whom it asks. */
  | { readonly by: 'user'; readonly host: string }

/** What the server of this page wrote into it. */
export function readServed(): Served {
  const said = document.querySelector<HTMLMetaElement>('meta[name=glasshouse-served-by]')?.content ?? ''
  return said.startsWith('user ') ? { by: 'user', host: said.slice('user '.length) } : { by: 'host' }
}
