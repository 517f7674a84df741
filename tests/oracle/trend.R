# Writes trend_slopes.csv and trend_curves.csv from frame.csv. Run from the root, after frame.R.
# The months are made of the rows' own numbers, so that any program can make them again.
suppressMessages(library(survey))

frame <- read.csv("tests/oracle/frame.csv", comment.char = "#")
row <- seq_len(nrow(frame))
frame$months <- (7 * frame$cluster + 11 * row + row^2 %/% 9) %% 37 + 1
frame$months[row %% 13 == 0] <- NA
designs <- list(
  plain = svydesign(ids = ~1, weights = ~1, data = frame),
  weighted = svydesign(ids = ~1, weights = ~weight, data = frame),
  stratified = svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = frame),
  clustered = svydesign(ids = ~cluster, weights = ~1, data = frame),
  whole = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = frame)
)
exact <- list(epsilon = 1e-15, maxit = 100)

write_table <- function(table, name) {
  file <- file.path("tests/oracle", name)
  writeLines(paste0("# trend.R, ", R.version.string, ", survey ", packageVersion("survey")), file)
  suppressWarnings(write.table(format(table, digits = 17, trim = TRUE), file, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
}
domain_of <- function(design, group, variable) {
  held <- !is.na(frame$months) & !is.na(frame[[variable]]) & (group == "all" | frame$group == group)
  list(design = design[held, ], held = held)
}

# What the linearised variance of the slope is on average, over what it estimates, and its degrees of freedom, were the
# answers of equal spread: from the whole matrices, as Bell and McCaffrey (2002) define them.
expected <- function(name, held) {
  w <- if (name %in% c("plain", "clustered")) rep(1, sum(held)) else frame$weight[held]
  x <- cbind(1, frame$months[held])
  k <- solve(t(x) %*% (w * x)) %*% t(w * x)
  cluster <- if (name %in% c("clustered", "whole")) frame$cluster else row
  stratum <- if (name %in% c("stratified", "whole")) frame$stratum else rep(1, nrow(frame))
  units <- unique(data.frame(cluster, stratum))
  inside <- outer(units$cluster, cluster[held], "==") * 1
  n <- table(units$stratum)[as.character(units$stratum)]
  centre <- diag(nrow(units)) - outer(units$stratum, units$stratum, "==") / as.numeric(n)
  residual <- diag(sum(held)) - x %*% k
  moves <- sqrt(as.numeric(n) / (as.numeric(n) - 1)) * (centre %*% inside %*% diag(k[2, ]) %*% residual)
  form <- moves %*% t(moves)
  c(sum(diag(form)) / sum(k[2, ]^2), sum(diag(form))^2 / sum(form^2))
}

slope_row <- function(name, group, variable) {
  domain <- domain_of(designs[[name]], group, variable)
  fit <- svyglm(reformulate("months", variable), design = domain$design)
  whole <- expected(name, domain$held)
  data.frame(design = name, group, variable, n = sum(domain$held), slope = coef(fit)[[2]], std_error = SE(fit)[[2]],
             df = fit$df.residual, kept = whole[1], freedom = whole[2])
}
cases <- expand.grid(variable = c("share", "score"), group = c("all", "a", "b"), name = names(designs), stringsAsFactors = FALSE)
write_table(do.call(rbind, Map(slope_row, cases$name, cases$group, cases$variable)), "trend_slopes.csv")

# A restricted cubic spline as Harrell (2001, section 2.4.5) writes it, three knots at the quantiles of his table 2.3.
bend <- function(x, t) {
  up <- function(z) pmax(z, 0)^3
  (up(x - t[1]) - up(x - t[2]) * (t[3] - t[1]) / (t[3] - t[2]) + up(x - t[3]) * (t[2] - t[1]) / (t[3] - t[2])) / (t[3] - t[1])^2
}
curve_rows <- function(name, group, variable) {
  domain <- domain_of(designs[[name]], group, variable)
  knots <- quantile(frame$months[domain$held], c(0.1, 0.5, 0.9))
  design <- update(domain$design, bend = bend(months, knots))
  family <- if (variable == "share") quasibinomial() else gaussian()
  fit <- svyglm(reformulate(c("months", "bend"), variable), design = design, family = family, control = exact)
  at <- c(4, 12, 20, 33)
  link <- predict(fit, data.frame(months = at, bend = bend(at, knots)), type = "link")
  level <- predict(fit, data.frame(months = at, bend = bend(at, knots)), type = "response")
  reach <- qt(0.975, fit$df.residual) * SE(link)
  inverse <- family$linkinv
  data.frame(design = name, group, variable, at, estimate = as.numeric(level), std_error = as.numeric(SE(level)),
             low = inverse(as.numeric(link) - reach), high = inverse(as.numeric(link) + reach), df = fit$df.residual)
}
write_table(do.call(rbind, Map(curve_rows, cases$name, cases$group, cases$variable)), "trend_curves.csv")
