// Chat and welcome texts, as servers send them and as somebody with bad intentions might.

import assert from "node:assert/strict";
import { maxPlainUnits, plainText, printable, readChat } from "../../src/session/plain-text.js";

const relayed = (name: string, text: string) =>
  `<font color="mediumblue">(10:02:28 PM) <b>${name}</b></font> ${text}`;

describe("chat as plain text", () => {
  const chats: [string, string, string][] = [
    ["a line", relayed("Anna", "hi there"), "Anna: hi there"],
    ["what the server escaped", relayed("A &amp; B", "1 &lt; 2 &quot;x&quot;"), 'A & B: 1 < 2 "x"'],
    ["tags that somebody wrote", relayed("Anna", "&lt;b&gt;loud&lt;/b&gt;"), "Anna: <b>loud</b>"],
    ["an entity that somebody wrote", relayed("Anna", "&amp;lt;script&amp;gt;"), "Anna: &lt;script&gt;"],
    ["a nameless musician", relayed("", "hello"), ": hello"],
    ["several lines", relayed("Anna", "one\ntwo"), "Anna: one two"],
    ["an empty line", relayed("Anna", ""), "Anna:"],
    ["a server's own words", "The <i>jam</i> ends<br>at ten", "The jam ends at ten"],
    ["a form that looks like a relayed line", "<font color=red>x</font> <b>Anna</b>", "x Anna"],
  ];
  for (const [what, html, text] of chats) {
    it(`reads ${what}`, () => assert.deepEqual(readChat(html), { kind: "chat", text }));
  }

  it("knows the welcome by its exact beginning", () => {
    assert.deepEqual(readChat('<b>Server Welcome Message:</b> Be <b>nice</b> & "kind"'), {
      kind: "welcome",
      text: 'Be nice & "kind"',
    });
    assert.equal(readChat("<b>Server Welcome Message</b>: no").kind, "chat");
    assert.equal(readChat(relayed("Eve", "&lt;b&gt;Server Welcome Message:&lt;/b&gt; ha")).kind, "chat");
  });

  const texts: [string, string][] = [
    ["a<b>b</b>c", "abc"],
    ["<p>one</p><p>two</p>", "one two"],
    ["<a href='x>y'>z</a>", "y'>z"],
    ["<<b>script>alert(1)<</b>/script>", "<script>alert(1)</script>"],
    ["<!-- hidden -->seen<?php ?>", "seen"],
    ["1 < 2 and <3", "1 < 2 and <3"],
    ["<img src=x onerror=alert(1)", "<img src=x onerror=alert(1)"],
    ["&#65;&#x42;&#X43;", "ABC"],
    ["&#27;[31mred&#x1b;[0m", "[31mred [0m"],
    ["\u001b]0;title\u0007bell\u0000", "]0;title bell"],
    ["&#xd800;&#1114112;&#9999999;x", "x"],
    ["\u202egnp.exe&#8238;", "gnp.exe"],
    ["&unknown; &amp &;", "&unknown; &amp &;"],
    ["&constructor; &toString;", "&constructor; &toString;"],
    ["  a \u2028 b\t\r\n c\u00a0&nbsp;d ", "a b c d"],
    ["\ufeffa\u200bb\u00ad", "ab"],
    ["日本語 🎻", "日本語 🎻"],
  ];
  for (const [html, text] of texts) {
    it(`makes ${JSON.stringify(text)} of ${JSON.stringify(html)}`, () => assert.equal(plainText(html), text));
  }

  it("is never longer than a musician may write, and ends with a whole character", () => {
    assert.equal(printable("x".repeat(5000)).length, maxPlainUnits);
    assert.equal(printable(`${"x".repeat(maxPlainUnits - 1)}🎻`), "x".repeat(maxPlainUnits - 1));
    assert.ok(readChat(relayed("n".repeat(16), "&amp;".repeat(400))).text.length <= maxPlainUnits);
  });

  it("takes no long time over what is made to take long", () => {
    const startedMs = performance.now();
    for (const piece of ["<a", "<!", "&#", "<b>(", "&amp;#", '<font color="'])
      readChat(piece.repeat(1800 / piece.length));
    readChat(`<font color="x">(${"(".repeat(1700)}`);
    assert.ok(performance.now() - startedMs < 500);
  });
});
