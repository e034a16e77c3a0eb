/** The build takes them in. */
declare module "*.css";
