-- Statements restate a provider's month whole, as activity does: of each the latest load counts. A file that is no
-- restatement, as a list of invoices, adds to what is there.
CREATE OR REPLACE TABLE statement AS
WITH latest AS (SELECT provider, period, max(load) AS load FROM stated_row GROUP BY provider, period)
SELECT s.*, s.cumulative AND s.load < latest.load AS superseded
FROM stated_row s JOIN latest USING (provider, period);

CREATE OR REPLACE TABLE invoice AS
WITH latest AS (SELECT provider, period, max(load) AS load FROM invoiced_row GROUP BY provider, period)
SELECT i.*, i.cumulative AND i.load < latest.load AS superseded
FROM invoiced_row i JOIN latest USING (provider, period)
