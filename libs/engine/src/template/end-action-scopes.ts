/**
 * The granted scopes by which an end action may use `scope`: that one itself, or any of its family (`http:read` for `http:write`). A stage needs the
 * very scope, because its inputs may come from models and strangers; an end action is a line of the template that
 * whoever grants has before them.
 */
export function grantsForEndAction(granted: Iterable<string>, scope: string): string[] {
  const family = scope.slice(0, scope.indexOf(':') + 1);
  return [...granted].filter((one) => one === scope || (family !== '' && one.startsWith(family)));
}
