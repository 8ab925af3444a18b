import type { ASTNode } from '@marcbachmann/cel-js';
import { fail } from './expression.errors.ts';
import type { EvaluationStop } from './expression.errors.ts';
import { callFunction, callMethod, COMPREHENSIONS, isStop, lift, typeName } from './functions.ts';
import type { CelValue } from './functions.ts';
import type { Meter } from './meter.ts';
import { binary } from './operators.ts';

/** The variables an expression sees, innermost first. */
export interface Variables {
  lookup(name: string): CelValue | undefined;
}

/**
 * Evaluates a parsed expression, every step metered. The CEL library parses and type-checks; evaluation is ours because
 * it runs in the server's own thread on other people's expressions, and the library has no limit on time or memory.
 */
export class Interpreter {
  readonly #meter: Meter;

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  run(node: ASTNode, variables: Variables): CelValue {
    this.#meter.spend(1);
    switch (node.op) {
      case 'value':
        return this.#literal(node.args);
      case 'id':
        return this.#variable(node.args, variables);
      case '.':
        return member(this.run(node.args[0], variables), node.args[1]);
      case '[]':
        return element(this.run(node.args[0], variables), this.run(node.args[1], variables));
      case 'call':
        return this.#call(node.args[0], node.args[1], variables);
      case 'rcall':
        return this.#method(node.args, variables);
      case 'list':
        return node.args.map((item) => this.run(item, variables));
      case 'map':
        return this.#mapping(node.args, variables);
      case '?:':
        return this.run(this.#bool(node.args[0], variables) ? node.args[1] : node.args[2], variables);
      case '&&':
        return this.#logical(false, node.args, variables);
      case '||':
        return this.#logical(true, node.args, variables);
      case '!_':
        return !this.#bool(node.args, variables);
      case '-_':
        return negated(this.run(node.args, variables));
      case '.?':
      case '[?]':
        return fail('optional access is not supported.');
      default:
        return binary(
          node.op,
          this.run(node.args[0], variables),
          this.run(node.args[1], variables),
          this.#meter,
        );
    }
  }

  #variable(name: string, variables: Variables): CelValue {
    const value = variables.lookup(name);
    return value === undefined ? fail(`there is no "${name}".`) : lift(value);
  }

  #literal(value: unknown): CelValue {
    switch (typeof value) {
      case 'string':
      case 'number':
      case 'bigint':
      case 'boolean':
        return value;
      default:
        return value === null ? null : fail('a literal has no JSON form.');
    }
  }

  #bool(node: ASTNode, variables: Variables): boolean {
    const value = this.run(node, variables);
    return typeof value === 'boolean'
      ? value
      : fail(`a condition must be true or false, found a ${typeName(value)}.`);
  }

  /** As CEL has it: an operand that decides the result alone outweighs a failure of the other one. */
  #logical(deciding: boolean, [left, right]: [ASTNode, ASTNode], variables: Variables): boolean {
    let failure: EvaluationStop | null = null;
    try {
      if (this.#bool(left, variables) === deciding) return deciding;
    } catch (error) {
      if (!isStop(error) || error.kind === 'budget') throw error;
      failure = error;
    }
    if (this.#bool(right, variables) === deciding) return deciding;
    if (failure !== null) throw failure;
    return !deciding;
  }

  #call(name: string, args: ASTNode[], variables: Variables): CelValue {
    const [first] = args;
    if (name === 'has' && first !== undefined) return this.#has(first, variables);
    return callFunction(
      name,
      args.map((argument) => this.run(argument, variables)),
      this.#meter,
    );
  }

  #has(node: ASTNode, variables: Variables): boolean {
    if (node.op !== '.') return fail('has() takes a member, such as has(inputs.topic).');
    const owner = this.run(node.args[0], variables);
    return isMapping(owner) && Object.hasOwn(owner, node.args[1]);
  }

  #mapping(entries: Array<[ASTNode, ASTNode]>, variables: Variables): CelValue {
    const pairs = entries.map(([keyNode, valueNode]): [string, CelValue] => {
      const key = this.run(keyNode, variables);
      if (typeof key !== 'string')
        return fail(`a key of a mapping must be a string, found a ${typeName(key)}.`);
      return [key, this.run(valueNode, variables)];
    });
    return Object.fromEntries(pairs);
  }

  #method([name, receiverNode, args]: [string, ASTNode, ASTNode[]], variables: Variables): CelValue {
    const receiver = this.run(receiverNode, variables);
    if (COMPREHENSIONS.has(name)) return this.#comprehension(name, receiver, args, variables);
    const values = args.map((argument) => this.run(argument, variables));
    return callMethod(name, receiver, values, this.#meter);
  }

  #comprehension(name: string, receiver: CelValue, args: ASTNode[], variables: Variables): CelValue {
    const items = iterated(receiver, name);
    const [variable, body, transform] = args;
    if (variable?.op !== 'id' || body === undefined)
      return fail(`.${name}() needs a variable and an expression.`);
    const step = new IterationVariables(variable.args, variables);
    switch (name) {
      case 'all':
        return this.#quantify(items, body, step, false);
      case 'exists':
        return this.#quantify(items, body, step, true);
      case 'exists_one':
        return items.filter((item) => this.#bool(body, step.at(item))).length === 1;
      case 'filter':
        return items.filter((item) => this.#bool(body, step.at(item)));
      default:
        this.#meter.list(items.length);
        if (transform === undefined) return items.map((item) => this.run(body, step.at(item)));
        return items
          .filter((item) => this.#bool(body, step.at(item)))
          .map((item) => this.run(transform, step.at(item)));
    }
  }

  #quantify(items: CelValue[], body: ASTNode, step: IterationVariables, deciding: boolean): boolean {
    let failure: EvaluationStop | null = null;
    for (const item of items) {
      try {
        if (this.#bool(body, step.at(item)) === deciding) return deciding;
      } catch (error) {
        if (!isStop(error) || error.kind === 'budget') throw error;
        failure ??= error;
      }
    }
    if (failure !== null) throw failure;
    return !deciding;
  }
}

/** One variable of a list function on top of the others; the item changes from step to step. */
class IterationVariables implements Variables {
  readonly #name: string;
  readonly #outer: Variables;
  #item: CelValue = null;

  constructor(name: string, outer: Variables) {
    this.#name = name;
    this.#outer = outer;
  }

  at(item: CelValue): this {
    this.#item = item;
    return this;
  }

  lookup(name: string): CelValue | undefined {
    return name === this.#name ? this.#item : this.#outer.lookup(name);
  }
}

function iterated(value: CelValue, name: string): CelValue[] {
  if (Array.isArray(value)) return value;
  return isMapping(value) ? Object.keys(value) : fail(`.${name}() does not take a ${typeName(value)}.`);
}

export function isMapping(value: CelValue): value is { [key: string]: CelValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function member(owner: CelValue, key: string): CelValue {
  if (!isMapping(owner)) return fail(`a ${typeName(owner)} has no "${key}".`);
  const value = Object.hasOwn(owner, key) ? owner[key] : undefined;
  return value === undefined ? fail(`there is no "${key}".`) : lift(value);
}

function element(owner: CelValue, key: CelValue): CelValue {
  if (Array.isArray(owner)) {
    const position = typeof key === 'number' && Number.isInteger(key) ? BigInt(key) : key;
    if (typeof position !== 'bigint')
      return fail(`a list is indexed by a whole number, found a ${typeName(key)}.`);
    const value = position < 0n || position >= BigInt(owner.length) ? undefined : owner[Number(position)];
    return value === undefined ? fail(`a list of ${owner.length} has no item ${position}.`) : lift(value);
  }
  return typeof key === 'string'
    ? member(owner, key)
    : fail(`a ${typeName(owner)} is not indexed by a ${typeName(key)}.`);
}

function negated(value: CelValue): CelValue {
  return typeof value === 'bigint' || typeof value === 'number'
    ? -value
    : fail(`a ${typeName(value)} has no negative.`);
}
