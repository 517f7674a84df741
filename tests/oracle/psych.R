# Writes items.csv and pairs.csv, then reliability.csv and agreement.csv, which psych, epiR and survey compute on them; and
# bfi.csv on psych's own data. Run from the root: Rscript tests/oracle/psych.R
suppressWarnings(RNGversion("4.2.0"))
suppressMessages({library(psych); library(epiR); library(survey)})
set.seed(1951)

write_table <- function(table, name) {
  file <- file.path("tests/oracle", name)
  versions <- sapply(c("psych", "epiR", "survey"), function(package) paste(package, packageVersion(package)))
  writeLines(paste0("# psych.R, ", R.version.string, ", ", paste(versions, collapse = ", ")), file)
  suppressWarnings(write.table(format(table, digits = 17, trim = TRUE), file, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
}

# Five items on scales of their own, one turned against the others, in 30 clusters; `part` is a domain.
n <- 150
cluster <- sample(rep(1:30, length.out = n))
pull <- rnorm(30, sd = 0.5)[cluster] + rnorm(n)
five <- function(x) pmin(pmax(round(3 + x), 1), 5)
items <- data.frame(
  cluster, weight = round(exp(rnorm(n, sd = 0.4)), 3), part = as.integer(runif(n) < 0.6),
  a = five(pull + rnorm(n, sd = 0.8)), b = five(0.8 * pull + rnorm(n)), c = as.integer(pull + rnorm(n) > 0.2),
  d = five(0.4 * pull + rnorm(n)), e = round(40 - 6 * pull + rnorm(n, sd = 5))
)
for (item in c("a", "b", "d")) items[[item]][runif(n) < 0.07] <- NA
write_table(items, "items.csv")

# One factor whose loadings leave the smallest squared residuals (psych's minres), none beyond 1, polished by Newton's
# method, and McDonald's omega of it; psych's fa gives the same to the precision of its search.
omega_of <- function(r) {
  residual <- function(l) { e <- r - tcrossprod(l); diag(e) <- 0; e }
  curve <- function(l) { h <- -2 * (r - 2 * tcrossprod(l)); diag(h) <- 2 * (sum(l^2) - l^2); h }
  start <- as.numeric(fa(r, 1)$loadings[, 1])
  l <- nlminb(start, function(l) sum(residual(l)^2) / 2, function(l) -2 * as.vector(residual(l) %*% l), curve,
              lower = -1, upper = 1, control = list(rel.tol = 1e-15, x.tol = 1e-15))$par
  sum(l)^2 / (sum(l)^2 + sum(1 - l^2))
}
alpha_of <- function(r) suppressWarnings(alpha(r, check.keys = FALSE)$total$std.alpha)
psych_omega <- function(r) { l <- fa(r, 1)$loadings[, 1]; sum(l)^2 / (sum(l)^2 + sum(1 - l^2)) }

# Without weights, over the pairs of answers that there are.
coefficient_rows <- function(sets, data, name) do.call(rbind, lapply(sets, function(set) {
  r <- cor(data[set], use = "pairwise.complete.obs")
  data.frame(set = paste(set, collapse = " "), n = min(pairwiseCount(data[set])), alpha = alpha_of(r),
             omega = if (length(set) > 2) omega_of(r) else NA, psych_omega = if (length(set) > 2) psych_omega(r) else NA)
}))
turned <- transform(items, e = -e)
sets <- list(c("a", "b"), c("a", "b", "c"), c("a", "b", "d", "e"), c("a", "b", "c", "d", "e"))
write_table(coefficient_rows(sets, turned), "reliability.csv")
big <- transform(bfi, A1 = 7 - A1, C4 = 7 - C4, C5 = 7 - C5, E1 = 7 - E1, E2 = 7 - E2, O2 = 7 - O2, O5 = 7 - O5)
write_table(coefficient_rows(lapply(c("A", "C", "E", "N", "O"), paste0, 1:5), big), "bfi.csv")

# Limits on the scale of log(1 - coefficient): survey's variance of the moments, the slope by differences of fourth order.
moments <- function(set) c(set, apply(cbind(rbind(set, set), combn(set, 2)), 2, paste, collapse = "_"))
from_moments <- function(values, set, coefficient) {
  k <- length(set)
  products <- cbind(rbind(1:k, 1:k), combn(k, 2))
  covariance <- matrix(0, k, k)
  covariance[t(products)] <- values[-(1:k)] - values[products[1, ]] * values[products[2, ]]
  covariance[lower.tri(covariance)] <- t(covariance)[lower.tri(covariance)]
  log(1 - coefficient(cov2cor(covariance)))
}
slopes <- function(f, x) sapply(seq_along(x), function(i) {
  step <- 1e-3 * max(abs(x[i]), 0.1)
  at <- function(times) f(replace(x, i, x[i] + times * step))
  (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * step)
})
limit_rows <- function(name, set, level) {
  data <- turned
  for (item in set) data[[item]] <- as.numeric(scale(data[[item]]))
  for (pair in moments(set)[-seq_along(set)]) data[[pair]] <- Reduce(`*`, data[strsplit(pair, "_")[[1]]])
  design <- switch(name,
    plain = svydesign(ids = ~1, weights = ~1, data = data),
    weighted = svydesign(ids = ~1, weights = ~weight, data = data),
    clustered = svydesign(ids = ~cluster, weights = ~weight, data = data))
  data$whole <- complete.cases(data[set])
  domain <- subset(design, part == 1 & complete.cases(data[set]))
  found <- svymean(reformulate(moments(set)), domain)
  rows <- lapply(list(alpha = alpha_of, omega = omega_of), function(coefficient) {
    of <- function(values) from_moments(values, set, coefficient)
    slope <- slopes(of, coef(found))
    error <- sqrt(drop(slope %*% vcov(found) %*% slope))
    reach <- qt((1 + level) / 2, degf(domain)) * error
    data.frame(estimate = 1 - exp(of(coef(found))), low = 1 - exp(of(coef(found)) + reach), high = 1 - exp(of(coef(found)) - reach))
  })
  data.frame(design = name, set = paste(set, collapse = " "), level, measure = names(rows), do.call(rbind, rows))
}
cases <- expand.grid(set = 2:4, name = c("plain", "weighted", "clustered"), level = c(0.9, 0.95), stringsAsFactors = FALSE)
write_table(do.call(rbind, Map(function(name, set, level) limit_rows(name, sets[[set]], level), cases$name, cases$set, cases$level)),
            "reliability_limits.csv")

# Pairs: 80 young people of 50 mentors, an ordered answer and a yes or no, each said by both.
mentor <- c(1:50, sample(1:50, 30))
shared <- rnorm(50)[mentor] + rnorm(80)
pairs <- data.frame(mentor, weight = round(exp(rnorm(80, sd = 0.4)), 3), x = five(shared + rnorm(80, sd = 0.7)),
                    y = five(shared + rnorm(80, sd = 0.7)), yes_x = as.integer(shared + rnorm(80) > 0), yes_y = as.integer(shared + rnorm(80) > 0))
write_table(pairs, "pairs.csv")

# The error of psych's weighted kappa is left out: its code multiplies the two sides' expected weights where Fleiss, Cohen &
# Everitt add them; survey's variance below has the right one. That of epiR is the one under no agreement.
plain_rows <- function(x, y) {
  found <- cohen.kappa(cbind(pairs[[x]], pairs[[y]]))
  data.frame(x, y, weighting = c("none", "squares"), kappa = c(found$kappa, found$weighted.kappa), error = c(sqrt(found$var.kappa), NA),
             epi_kappa = c(epi.kappa(table(pairs[[x]], pairs[[y]]), method = "fleiss")$kappa$est, NA))
}
write_table(rbind(plain_rows("x", "y"), plain_rows("yes_x", "yes_y")), "agreement.csv")

# Under a design: survey's variance of the cells of the table, kappa's slope by differences of fourth order.
design_row <- function(name, weighting) {
  cells <- expand.grid(x = 1:5, y = 1:5)
  data <- pairs
  for (cell in seq_len(25)) data[[paste0("cell", cell)]] <- as.numeric(data$x == cells$x[cell] & data$y == cells$y[cell])
  design <- if (name == "weighted") svydesign(ids = ~1, weights = ~weight, data = data) else svydesign(ids = ~mentor, weights = ~weight, data = data)
  found <- svymean(reformulate(paste0("cell", 1:25)), design)
  agree <- if (weighting == "none") diag(5) else 1 - outer(1:5, 1:5, "-")^2 / 16
  of <- function(values) {
    p <- matrix(values, 5)
    chance <- drop(rowSums(p) %*% agree %*% colSums(p))
    (sum(agree * p) - chance) / (1 - chance)
  }
  slope <- slopes(of, coef(found))
  data.frame(design = name, weighting, kappa = of(coef(found)), error = sqrt(drop(slope %*% vcov(found) %*% slope)))
}
write_table(do.call(rbind, Map(design_row, c("weighted", "weighted", "clustered", "clustered"), c("none", "squares"))), "agreement_design.csv")
