/** The part of fontkit that we use; the package has no types of its own. */
declare module 'fontkit' {
  export interface Font {
    readonly unitsPerEm: number;
    layout(text: string): { readonly advanceWidth: number };
    glyphForCodePoint(codePoint: number): {
      /** In units. */
      readonly advanceWidth: number;
      readonly path: {
        readonly commands: readonly {
          readonly command: string;
          readonly args: readonly number[];
        }[];
      };
    };
  }
  export function openSync(path: string): Font;
}
