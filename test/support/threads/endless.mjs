/** Never lets go of its thread. */
export default function endless() {
  for (;;);
}
