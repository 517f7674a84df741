# Writes zero_cells.csv: what R survey answers where nobody of an arm says yes. Run from the root. These are no expected
# values: tests/unit/test_failures_of_others.py shows with them what the house must not do.
suppressPackageStartupMessages(library(survey))
arms <- data.frame(yes = c(rep(0, 30), rep(c(1, 0), c(20, 10))), arm = rep(c("a", "b"), each = 30), weight = 1)
design <- svydesign(~1, weights = ~weight, data = arms)
limits <- function(method) {
  found <- suppressWarnings(attr(svyciprop(~yes, subset(design, arm == "a"), method = method), "ci"))
  data.frame(figure = "share", method, low = found[1], high = found[2])
}
by <- svyby(~yes, ~arm, design, svymean, covmat = TRUE)
gap <- confint(svycontrast(by, c(a = 1, b = -1)))
only <- coef(by)["a"] - coef(by)["b"] + c(-1, 1) * qnorm(0.975) * SE(by)[2]
rows <- rbind(limits("logit"), limits("beta"), data.frame(figure = "difference", method = "wald", low = gap[1], high = gap[2]),
              data.frame(figure = "difference", method = "error_of_b_alone", low = only[1], high = only[2]))
file <- "tests/oracle/zero_cells.csv"
writeLines(paste0("# zero_cells.R, ", R.version.string, ", survey ", packageVersion("survey")), file)
suppressWarnings(write.table(format(rows, digits = 17, trim = TRUE), file, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
