import { errors, PROBLEM_TYPE, problemSchema, TallyError } from "../../../src/protocol/errors.ts";
import { type RouteName, routes, type RouteShape } from "../../../src/protocol/routes.ts";
import { findRoute } from "../../../src/server/http/router.ts";
import { codesOf, codesOfEveryRoute } from "../../../src/server/openapi/codes.ts";
import type { FuzzedRequest } from "./requests.ts";

export interface FuzzedAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** What of an answer the document of the API does not say; null when it says all of it. */
export function undocumented(request: FuzzedRequest, answer: FuzzedAnswer): string | null {
  const name = routeOf(request);
  // An answer to HEAD has no body to look at.
  if (request.method === "HEAD") return answer.status < 500 ? null : `status ${answer.status}`;
  if (answer.status < 400) return name instanceof TallyError ? "it succeeds" : notAsPromised(name, answer);
  if (answer.type !== PROBLEM_TYPE) return `a failure of type ${answer.type}`;
  const problem = problemSchema.safeParse(parsed(answer.text)).data;
  if (!problem) return "no problem document";
  const { code } = problem;
  if (problem.status !== answer.status || errors[code].status !== answer.status) return `${code} with ${answer.status}`;
  if (problem.title !== errors[code].title || problem.type !== `/docs#${code}`) return `${code} is not titled as such`;
  if (code === "internal") return "the gateway failed";
  const codes = [...codesOfEveryRoute, ...(name instanceof TallyError ? [name.code] : codesOf(name))];
  return codes.includes(code)
    ? null
    : `${name instanceof TallyError ? "no route" : name} is not said to answer ${code}`;
}

function notAsPromised(name: RouteName, { status, type, text }: FuzzedAnswer): string | null {
  const route: RouteShape = routes[name];
  if (status !== (route.status ?? 200)) return `status ${status}`;
  const wanted = route.answers ?? "application/json";
  if (type.split(";")[0] !== wanted) return `type ${type}`;
  if (wanted !== "application/json") return null;
  const result = route.result.safeParse(parsed(text));
  return result.success ? null : `an answer of another shape: ${result.error.message}`;
}

/** The route that is asked for, or why there is none. */
export function routeOf({ method, path }: FuzzedRequest): RouteName | TallyError {
  const url = `http://127.0.0.1${path.replace(/^\/t\/[^/]*/, "")}`;
  try {
    if (!URL.canParse(url)) throw new TallyError("route-not-found", "No path.");
    return findRoute(method, new URL(url).pathname).name;
  } catch (error) {
    if (error instanceof TallyError) return error;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
