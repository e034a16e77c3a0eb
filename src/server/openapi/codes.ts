import { apiDocs } from "../../protocol/api-docs.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { type RouteName, routes, type RouteShape } from "../../protocol/routes.ts";

/** What every request can be answered with, whatever it asks for. */
export const codesOfEveryRoute = [
  "unauthorized",
  "host-refused",
  "origin-refused",
  "too-many-requests",
  "internal",
  "gateway-stopping",
] as const satisfies readonly ErrorCode[];

const codesOfBodies = [
  "invalid-json",
  "invalid-request",
  "body-too-large",
  "unsupported-media-type",
] as const satisfies readonly ErrorCode[];

/** What a route can be refused with besides {@link codesOfEveryRoute}. */
export function codesOf(name: RouteName): ErrorCode[] {
  const { body, query }: RouteShape = routes[name];
  return [
    ...new Set<ErrorCode>([
      ...(body ? codesOfBodies : []),
      ...(query ? (["invalid-request"] as const) : []),
      ...apiDocs[name].codes,
    ]),
  ];
}
