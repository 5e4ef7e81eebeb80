export async function graph(): Promise<0> {
  return 0;
}
