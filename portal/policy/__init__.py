"""The promise clock: what a customer may expect, by when, by which rule, and why that date.

Pure: a policy file goes in, promises come out; the present moment is always an argument.

Reading a file      loading, assembly, reach, sections, phrases, profiles, checking
Opening hours       calendar, spans, edges, days, closures, opening
Promises            terms, deadline, history, evaluation, versions, ledger, reasons
For people          wording, explaining, moments, previewing
For the form        priority, intake, asking
For other programs  answers
"""
