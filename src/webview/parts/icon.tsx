/** One of the editor's own icons. It says nothing to a screen reader: what stands beside it does. */
export function Icon({ name, className = "" }: { readonly name: string; readonly className?: string }) {
  return <span class={`codicon codicon-${name} ${className}`} aria-hidden="true" />;
}
