/** Whether the digits pass the check of payment cards (Luhn). */
export function passesLuhn(digits: string): boolean {
  return luhnSum(digits) % 10 === 0;
}

/** The digits with the last one made to pass the check of payment cards. */
export function withLuhn(digits: string): string {
  const body = digits.slice(0, -1);
  return body + String((10 - (luhnSum(`${body}0`) % 10)) % 10);
}

function luhnSum(digits: string): number {
  return [...digits].reverse().reduce((sum, digit, at) => {
    const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
}

/** Whether an IBAN, without spaces, has the right check digits (ISO 7064, mod 97). */
export function passesIban(iban: string): boolean {
  return remainder(iban.slice(4) + iban.slice(0, 4)) === 1;
}

/** The IBAN of a country and an account, with its check digits. */
export function ibanOf(country: string, account: string): string {
  const check = 98 - remainder(`${account}${country}00`);
  return `${country}${String(check).padStart(2, '0')}${account}`;
}

/** Letters count as 10 to 35. */
function remainder(text: string): number {
  let rest = 0;
  for (const character of text.toUpperCase())
    for (const digit of String(parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97;
  return rest;
}
