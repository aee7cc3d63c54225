// The cart: lines with a price in cents, a voucher, a total.
export function emptyCart() {
  return { lines: [], voucher: null };
}

export function add(cart, product, quantity = 1) {
  if (!Number.isInteger(quantity) || quantity < 1) throw new RangeError('a quantity is a whole number above 0');
  const line = cart.lines.find((other) => other.product.id === product.id);
  if (line) line.quantity += quantity;
  else cart.lines.push({ product, quantity });
  return cart;
}

export function remove(cart, productId) {
  cart.lines = cart.lines.filter((line) => line.product.id !== productId);
  return cart;
}

export function total(cart) {
  const sum = cart.lines.reduce((cents, line) => cents + line.product.price_cents * line.quantity, 0);
  if (!cart.voucher) return sum;
  return Math.max(0, sum - Math.round((sum * cart.voucher.percent) / 100));
}

export function redeem(cart, voucher, now) {
  if (new Date(voucher.valid_until) <= now) return false;
  cart.voucher = voucher;
  return true;
}

export function describe(cart) {
  if (cart.lines.length === 0) return 'nothing yet';
  return cart.lines.map((line) => `${line.quantity} × ${line.product.name}`).join(', ');
}
