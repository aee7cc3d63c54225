import test from 'node:test';
import assert from 'node:assert/strict';
import { add, emptyCart, redeem, remove, total } from './cart.js';

const rope = { id: 'rope', name: 'Rope, 20 m', price_cents: 1990 };
const lamp = { id: 'lamp', name: 'Storm lamp', price_cents: 4500 };

test('an empty cart costs nothing', () => assert.equal(total(emptyCart()), 0));
test('a line counts its quantity', () => assert.equal(total(add(emptyCart(), rope, 3)), 5970));
test('the same product joins its line', () => {
  const cart = add(add(emptyCart(), rope), rope, 2);
  assert.equal(cart.lines.length, 1);
  assert.equal(cart.lines[0].quantity, 3);
});
test('a removed product is gone', () => assert.equal(total(remove(add(add(emptyCart(), rope), lamp), 'rope')), 4500));
test('removing what is not there changes nothing', () => assert.equal(total(remove(add(emptyCart(), lamp), 'rope')), 4500));
test('half a rope is refused', () => assert.throws(() => add(emptyCart(), rope, 0.5), RangeError));
test('no rope at all is refused', () => assert.throws(() => add(emptyCart(), rope, 0), RangeError));
test('a voucher takes its percentage', () => {
  const cart = add(emptyCart(), lamp);
  assert.equal(redeem(cart, { percent: 10, valid_until: '2027-01-01' }, new Date('2026-11-01')), true);
  assert.equal(total(cart), 4050);
});
test('a voucher past its day is refused', () => {
  const cart = add(emptyCart(), lamp);
  assert.equal(redeem(cart, { percent: 10, valid_until: '2026-01-01' }, new Date('2026-11-01')), false);
  assert.equal(total(cart), 4500);
});
test('a voucher never makes a debt', () => {
  const cart = add(emptyCart(), lamp);
  redeem(cart, { percent: 200, valid_until: '2027-01-01' }, new Date('2026-11-01'));
  assert.equal(total(cart), 0);
});
