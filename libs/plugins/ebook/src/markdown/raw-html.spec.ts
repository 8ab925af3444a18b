import { describe, expect, it } from '@jest/globals';
import { cleanRawHtml } from './raw-html.ts';

describe('cleanRawHtml', () => {
  it.each<[given: string, html: string, removed: string[]]>([
    ['<b>x</b>', '<b>x</b>', []],
    ['a <script>x()</script> b', 'a  b', ['<script>']],
    ['<script src=x />y', 'y', ['<script>']],
    ['<SCRIPT>x</ScRiPt >y', 'y', ['<script>']],
    ['<style>*{}</style><iframe srcdoc="x">y</iframe>z', 'z', ['<style>', '<iframe>']],
    ['<script>never closed', 'never closed', ['<script>']],
    ['<font color=red>x</font>', 'x', ['<font> (its text stays)']],
    ['<div onclick="x()">y</div>', '<div onclick="x()">y</div>', ['an active attribute of <div>']],
    ['<a href=" JavaScript:x">y</a>', '<a href=" JavaScript:x">y</a>', ['an active attribute of <a>']],
    ['List<String> and <your name>', 'List&lt;String&gt; and &lt;your name&gt;', []],
    ['1 < 2 <', '1 &lt; 2 &lt;', []],
    ['<!-- a -- b --><!DOCTYPE x><?php y ?>z', 'z', []],
    ['<!-- never closed', '', []],
    ['<b', '&lt;b', []],
  ])('%j', (given, html, removed) => {
    expect(cleanRawHtml(given)).toEqual({ html, removed });
  });

  it.each([
    '<'.repeat(50_000),
    '<b '.repeat(20_000),
    '<!--'.repeat(20_000),
    '<script>'.repeat(5_000),
    `<a ${'x="'.repeat(20_000)}`,
  ])('is done with a wall of marks in moments (%#)', (wall) => {
    const started = process.cpuUsage();
    cleanRawHtml(wall);
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000);
  });
});
