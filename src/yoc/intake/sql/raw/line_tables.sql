-- The tables that the activity files fill: distinct combinations of codes, and the narrow lines that refer to them: empty,
-- where nothing but statements and invoices is read.
CREATE OR REPLACE TABLE combination (
    combination_id INTEGER, provider TEXT, commissioner TEXT, point_of_delivery TEXT, tariff_code TEXT,
    treatment_function TEXT, specialised_service TEXT, national_tariff TEXT, data_set TEXT, cost_basis TEXT,
    not_counted TEXT);

CREATE OR REPLACE TABLE loaded_line (
    file_id INTEGER, row_number INTEGER, line_id TEXT, person_id INTEGER, combination_id INTEGER, period INTEGER, day INTEGER,
    quantity_thousandths BIGINT, submitted_pence BIGINT);
