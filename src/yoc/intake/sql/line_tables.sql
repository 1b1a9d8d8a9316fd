-- The tables that the activity files fill: distinct combinations of codes, and the narrow lines that refer to them.
CREATE TABLE combination (
    combination_id INTEGER, provider TEXT, commissioner TEXT, point_of_delivery TEXT, tariff_code TEXT,
    treatment_function TEXT, specialised_service TEXT, national_tariff TEXT, data_set TEXT, cost_basis TEXT,
    not_counted TEXT);

CREATE TABLE loaded_line (
    file_id INTEGER, line_id TEXT, person_id INTEGER, combination_id INTEGER, period INTEGER, day INTEGER,
    quantity_thousandths BIGINT, submitted_pence BIGINT);
