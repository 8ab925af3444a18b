import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { passesIban, passesLuhn } from './check-digits.ts';
import { privateTexts } from './private-texts.ts';
import { peopleIn, redactCase } from './redact-case.ts';
import type { RedactOptions } from './redact-case.ts';
import type { JournalEntry } from '../run/fact.ts';
import type { ReplayCase } from '../template/test-file.ts';
import type { Json } from '../vocabulary.ts';

const caseWith = (answer: Json, more: Partial<ReplayCase> = {}): ReplayCase => ({
  title: 'T',
  inputs: {},
  answers: { stage: answer },
  usage: {},
  decisions: [],
  expect: { state: 'done' },
  ...more,
});

function redacted(answer: Json, options: Partial<RedactOptions> = {}) {
  const { case: clean, replaced } = redactCase(caseWith(answer), { secrets: [], people: [], ...options });
  return { answer: clean.answers['stage'], replaced };
}

describe('what is nobody else’s business is replaced', () => {
  it.each<[text: string, clean: string]>([
    ['Write to Ada.Miller+x@firm.co.uk, please.', 'Write to person-1@example.org, please.'],
    ['<mailto:jörg@bücher.de>', '<mailto:person-1@example.org>'],
    ['Call +49 (0)30 1234567 now', 'Call +1 202 555 0101 now'],
    ['Call +491711234567.', 'Call +12025550101.'],
    ['Call (415) 555-2671', 'Call (202) 555-0101'],
    ['Call 030 / 901820', 'Call 030 / 901820'],
    ['Call 030 90182045', 'Call 020 25550101'],
    ['IBAN DE89 3704 0044 0532 0130 00 it is', 'IBAN DE09 0000 0000 0000 0000 01 it is'],
    ['GB29NWBK60161331926819', 'GB85AAAA00000000000001'],
    ['Card 4111 1111 1111 1111, 12/29', 'Card 4000 0000 0000 0010, 12/29'],
    ['Card 378282246310005', 'Card 300000000000015'],
    ['key sk-proj-abcdefghijklmnop1234 here', 'key sk-proj-00000000000000000001 here'],
    [`ghp_${'a1'.repeat(18)}`, `ghp_${'0'.repeat(35)}1`],
    ['AKIAIOSFODNN7EXAMPLE', 'AKIA0000000000000001'],
    ['Authorization: Bearer abcdef.ghijkl-mnop', 'Authorization: Bearer 000000.000000-0001'],
    ['https://ann:hunter22@host/x', 'https://000:00000001@host/x'],
    ['password = "correcthorse"', 'password = "000000000001"'],
    ['api_key: s3cr3tvalue', 'api_key: 00000000001'],
    [
      '-----BEGIN PRIVATE KEY-----\nMIIa\n-----END PRIVATE KEY-----',
      '-----BEGIN PRIVATE KEY-----\n0001\n-----END PRIVATE KEY-----',
    ],
  ])('%j', (text, clean) => {
    expect(redacted(text).answer).toBe(clean);
  });

  it.each([
    'The secret: patience. A token of thanks.',
    'On 2026-11-26 at 09:30:00 it was 12.5 %, ISBN 978-3-16-148410-0.',
    '550e8400-e29b-41d4-a716-446655440000',
    'f'.repeat(64),
    `${'0123456789'.repeat(6)}0123`,
    '1.2.3, 10.20.30-beta.4, 4111 1111 1111 1112',
    'AB12 3456 7890 1234 5678',
    'person-7@example.org',
    'He wrote @ada and a@b.',
  ])('but not %j', (text) => {
    expect(redacted(text)).toEqual({ answer: text, replaced: {} });
  });

  it('also in names of fields, in lists and in numbers', () => {
    const { answer } = redacted({
      'ada@firm.com': [{ to: 'ada@firm.com' }],
      card: 4111111111111111,
      year: 2026,
    });
    expect(answer).toEqual({
      'person-1@example.org': [{ to: 'person-1@example.org' }],
      card: 4000000000000010,
      year: 2026,
    });
  });

  it('by the name of its field, and then wherever it stands', () => {
    const { answer, replaced } = redacted({ apiKey: 'opensesame', note: 'use opensesame', tokens: 'many' });
    expect(answer).toEqual({ apiKey: '0000000001', note: 'use 0000000001', tokens: 'many' });
    expect(replaced).toEqual({ secret: 1 });
  });

  it('where it is a known secret, whatever it looks like', () => {
    const { answer } = redacted('it is swordfish-and-chips.', { secrets: ['swordfish-and-chips', 'it'] });
    expect(answer).toBe('it is 000000000-000-00001.');
  });

  it('where it is somebody who decided, as a word', () => {
    const { answer, replaced } = redacted('Ann and ANNA told ann of Bo. ann@firm.com', {
      people: ['ann', 'Bo'],
    });
    expect(answer).toBe('person-1 and ANNA told person-1 of Bo. person-1@example.org');
    expect(replaced).toEqual({ person: 1, email: 1 });
  });

  it.each([
    ['Write to ada.miller@firm', 'Write to person-1@exampl'],
    ['Write to ada.miller@', 'Write to person-1@ex'],
    ['Write to ada.miller@fir.', 'Write to ada.miller@fir.'],
    ['Write to bo@firm', 'Write to bo@firm'],
  ])('where a text that was cut off has only the beginning: %j', (cut, clean) => {
    expect(redacted(['ada.miller@firm.com', cut]).answer).toEqual(['person-1@example.org', clean]);
  });

  it('by the same placeholder over the whole case', () => {
    const { case: clean, replaced } = redactCase(
      caseWith(
        { from: 'ADA@firm.com', to: 'bo@firm.com' },
        {
          title: 'For ada@firm.com',
          inputs: { who: 'ada@firm.com' },
          decisions: [
            {
              do: 'request-changes',
              stage: 'ada',
              comments: ['Ask bo@firm.com', { body: 'Or ada@firm.com', line: 1 }],
            },
            { do: 'submit-input', stage: 'ada', input: { phone: '+49 171 1234567' } },
          ],
          expect: {
            state: 'done',
            outputs: { who: 'bo@firm.com' },
            artifacts: { count: 1, include: [{ name: 'ada@firm.com.txt' }] },
            prompts: { ada: [{ round: 2, variables: { 'feedback[0].body': 'Ask bo@firm.com' } }] },
          },
        },
      ),
      { secrets: [], people: ['ada'] },
    );
    expect(clean).toMatchObject({
      title: 'For person-1@example.org',
      inputs: { who: 'person-1@example.org' },
      answers: { stage: { from: 'person-1@example.org', to: 'person-2@example.org' } },
      decisions: [
        {
          stage: 'ada',
          comments: ['Ask person-2@example.org', { body: 'Or person-1@example.org', line: 1 }],
        },
        { input: { phone: '+1 202 555 0101' } },
      ],
      expect: {
        outputs: { who: 'person-2@example.org' },
        artifacts: { include: [{ name: expect.not.stringContaining('ada') }] },
        prompts: { ada: [{ variables: { 'feedback[0].body': 'Ask person-2@example.org' } }] },
      },
    });
    expect(replaced['phone']).toBe(1);
  });

  it('once: what stands for something is not replaced again', () => {
    const once = redactCase(caseWith({ a: 'ada@firm.com', key: 'sk-abcdefghijklmnop1234' }), {
      secrets: [],
      people: [],
    });
    expect(redactCase(once.case, { secrets: [], people: [] }).case).toEqual(once.case);
  });
});

it.each([
  ['ada@firm.com', 'p0001@x.test'],
  ['ada.miller@firm.com', 'p000001@example.org'],
  ['ada.miller.the.second@firm.com', 'person-00000000001@example.org'],
  ['+49 171 1234567', '+12 025 5500101'],
  ['+491711234567', '+120255500101'],
  ['(415) 555-2671', '(020) 255-5101'],
  ['sk-abcdefghijklmnop1234', 'sk-00000000000000000001'],
])('%s can be replaced by something as long', (text, expected) => {
  expect([...expected]).toHaveLength([...text].length);
  expect(redacted(text, { keepLength: true }).answer).toBe(expected);
  expect(redacted(expected, { keepLength: true }).replaced).toEqual(
    text.includes('@') ? {} : expect.anything(),
  );
});

it('a name is replaced by one as long', () => {
  expect(redacted('Ann, Bartholomew', { people: ['ann', 'bartholomew'], keepLength: true }).answer).toBe(
    'p01, person-0002',
  );
});

it('who decided is known by id, and by the name in it', () => {
  const entry = (
    id: string,
    kind: 'user' | 'system' | 'client' = 'user',
    roles?: string[],
  ): JournalEntry => ({
    version: 1,
    at: '2026-01-01T00:00:00.000Z',
    facts: [{ type: 'run.started', actor: { kind, id, ...(roles && { roles }) } }],
  });
  const entries = [
    entry('ada.miller@firm.com'),
    entry('bo'),
    entry('local'),
    entry('engine', 'system'),
    entry('key-1', 'client'),
    entry('legal', 'user', ['legal']),
  ];
  expect(peopleIn(entries)).toEqual(['ada.miller@firm.com', 'ada miller', 'bo']);
});

describe('what stands for something', () => {
  const digits = (length: number) =>
    fc.array(fc.nat({ max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''));

  it('is a card number where it stood for one', () => {
    fc.assert(
      fc.property(fc.constantFrom('4', '51', '36'), digits(14), (start, rest) => {
        const body = (start + rest).slice(0, 15);
        const card = [...'0123456789'].map((last) => body + last).find(passesLuhn)!;
        const { answer, replaced } = redacted(`Card ${card}.`);
        expect(replaced).toEqual({ card: 1 });
        expect(answer).not.toContain(card.slice(4));
        expect(passesLuhn(/\d{16}/.exec(answer as string)![0])).toBe(true);
      }),
    );
  });

  it('is an IBAN of the same country and length where it stood for one', () => {
    for (const iban of ['DE89370400440532013000', 'GB29NWBK60161331926819', 'FR1420041010050500013M02606']) {
      const clean = redacted(iban).answer as string;
      expect([clean.slice(0, 2), clean.length, passesIban(clean)]).toEqual([
        iban.slice(0, 2),
        iban.length,
        true,
      ]);
      expect(clean).not.toBe(iban);
    }
  });
});

it('long texts are read in no time', () => {
  const texts = [
    'a'.repeat(200_000),
    '1 '.repeat(100_000),
    'a@'.repeat(100_000),
    'token: '.repeat(30_000),
    '+1'.repeat(100_000),
    'DE89 '.repeat(40_000),
  ];
  // A pattern that went back over the text would take minutes.
  for (const text of texts) expect(privateTexts(text)).toEqual(expect.any(Array));
});
