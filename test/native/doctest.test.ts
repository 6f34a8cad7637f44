// The reader of doctest's XML, on what doctest 2.4.9 printed for passing, failing, throwing, skipped and cut-off cases.
import assert from "node:assert/strict";
import { readCases, readOutcomes } from "./doctest.js";

const listing = `<?xml version="1.0" encoding="UTF-8"?>
<doctest binary="./m" version="2.4.9">
  <TestCase name="good &lt;a &amp; &quot;b&quot;>" testsuite="s" filename="m.cpp" line="6" skipped="false"/>
  <TestCase name="bad" testsuite="s" filename="m.cpp" line="7" skipped="false"/>
</doctest>
`;

const run = `<doctest binary="./m" version="2.4.9">
  <TestSuite name="s">
    <TestCase name="good &lt;a &amp; &quot;b&quot;>" filename="m.cpp" line="6">
      <SubCase name="x" filename="m.cpp" line="6">
      </SubCase>
      <OverallResultsAsserts successes="2" failures="0" test_case_success="true"/>
    </TestCase>
    <TestCase name="bad" filename="m.cpp" line="7">
      <Expression success="false" type="CHECK" filename="m.cpp" line="8">
        <Original>
          a &lt; 2
        </Original>
        <Expanded>
          3 &lt;  2
        </Expanded>
        <Info>
          why 3
        </Info>
      </Expression>
      <OverallResultsAsserts successes="0" failures="1" test_case_success="false"/>
    </TestCase>
    <TestCase name="skipped" filename="m.cpp" line="9" skipped="true"/>
    <TestCase name="throws" filename="m.cpp" line="10">
      <Exception crash="false">
        boo
      </Exception>
      <OverallResultsAsserts successes="0" failures="0" test_case_success="false"/>
    </TestCase>
    <TestCase name="crashes" filename="m.cpp" line="11">
`;

describe("doctest's XML", () => {
  it("lists cases with their titles unescaped", () => {
    assert.deepEqual(readCases(listing), [
      { title: 'good <a & "b">', file: "m.cpp", line: "6" },
      { title: "bad", file: "m.cpp", line: "7" },
    ]);
  });

  it("tells how each case went, and leaves out one that never ended", () => {
    assert.deepEqual(
      [...readOutcomes(run)],
      [
        ['m.cpp:6 good <a & "b">', { passed: true, complaint: "" }],
        ["m.cpp:7 bad", { passed: false, complaint: "m.cpp:8 CHECK: a < 2\n    3 <  2\n    why 3" }],
        ["m.cpp:10 throws", { passed: false, complaint: "exception: boo" }],
      ],
    );
  });
});
