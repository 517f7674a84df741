# Writes anderson.csv: Anderson's (2008) index of the items of items.csv, by hand. Run from the root, after psych.R.
items <- read.csv("tests/oracle/items.csv", comment.char = "#")
names <- c("a", "b", "d", "e")
turned <- as.matrix(transform(items, e = -e)[names])
complete <- complete.cases(turned)

# Appendix A: z-scores by the mean and the spread of the reference (part 0, in the place of the control group), weights the
# row sums of the inverse of its covariance, the index their mean over the items answered. Survey weights in every sum.
index <- function(weight, keep) {
  y <- turned[keep, ]
  w <- weight[keep]
  reference <- items$part[keep] == 0
  centre <- apply(y[reference, ], 2, weighted.mean, w[reference], na.rm = TRUE)
  spread <- sqrt(sapply(names, function(name) weighted.mean((y[reference, name] - centre[name])^2, w[reference], na.rm = TRUE)))
  z <- scale(y, centre, spread)
  if (all(complete[keep])) {
    covariance <- cov.wt(z[reference, ], w[reference], method = "ML")$cov
  } else {
    covariance <- outer(names, names, Vectorize(function(i, j) weighted.mean(z[reference, i] * z[reference, j], w[reference], na.rm = TRUE)))
  }
  weights <- rowSums(solve(covariance))
  stopifnot(weights > 0)
  s <- apply(z, 1, function(row) weighted.mean(row, weights, na.rm = TRUE))
  tapply(seq_along(s), ifelse(reference, "non_mentored", "mentored"), function(rows) weighted.mean(s[rows], w[rows]))
}
row <- function(weighted, whole) {
  found <- index(if (weighted) items$weight else rep(1, nrow(items)), if (whole) complete else rep(TRUE, nrow(items)))
  data.frame(weighted, complete = whole, mentored = found[["mentored"]], non_mentored = found[["non_mentored"]])
}
file <- "tests/oracle/anderson.csv"
writeLines(paste0("# weights.R, ", R.version.string), file)
table <- rbind(row(FALSE, TRUE), row(TRUE, TRUE), row(FALSE, FALSE), row(TRUE, FALSE))
suppressWarnings(write.table(format(table, digits = 17, trim = TRUE), file, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
