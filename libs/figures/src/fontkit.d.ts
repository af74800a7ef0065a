/** The part of fontkit that we use; the package has no types of its own. */
declare module 'fontkit' {
  export interface Font {
    readonly postscriptName: string;
    layout(text: string): { readonly advanceWidth: number };
  }
  export function openSync(path: string): Font;
}
