# Writes sensitivity_constants.csv, sensitivity_missing.csv, sensitivity_trimming.csv and sensitivity_power.csv. Run from the
# root, after frame.R.
suppressMessages(library(survey))

write_table <- function(table, name) {
  file <- file.path("tests/oracle", name)
  writeLines(paste0("# sensitivity.R, ", R.version.string, ", survey ", packageVersion("survey")), file)
  suppressWarnings(write.table(format(table, digits = 17, trim = TRUE), file, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
}

# Imbens & Manski (2004), equation 7.
constant <- function(width, error, level)
  uniroot(function(c) pnorm(c + width / error) - pnorm(-c) - level, qnorm(c(level - 0.01, (1 + level) / 2 + 0.001)), tol = 1e-15)$root
cases <- expand.grid(width = c(0, 1e-4, 0.02, 0.1, 0.5), error = c(0.01, 0.05), level = c(0.9, 0.95, 0.99))
write_table(transform(cases, constant = mapply(constant, width, error, level)), "sensitivity_constants.csv")

# Limits of the bounds: each arm's own at the level that the constant stands for (a share's by prop.test on the effective
# size, a mean's by Student), and MOVER with the correlation of the arms.
arm_limits <- function(mean, error, df, n, spread, inner, share, plain) {
  if (!share) return(mean + c(-1, 1) * qt((1 + inner) / 2, df) * error)
  size <- if (plain) n else min(spread / error^2, n)
  normal <- if (plain) inner else 2 * pnorm(qt((1 + inner) / 2, df)) - 1
  as.numeric(suppressWarnings(prop.test(mean * size, size, conf.level = normal, correct = FALSE)$conf.int))
}
mover <- function(means, limits, correlation) {
  apart <- function(x, y) sqrt(x^2 + y^2 - 2 * correlation * x * y)
  c(diff(rev(means)) - apart(means[1] - limits[[1]][1], limits[[2]][2] - means[2]),
    diff(rev(means)) + apart(limits[[1]][2] - means[1], means[2] - limits[[2]][1]))
}

# Those silent about `share` or `score` filled with one end of the scale in one arm and the other end in the other.
frame <- read.csv("tests/oracle/frame.csv", comment.char = "#")
missing_row <- function(name, variable, level) {
  ends <- if (variable == "share") c(0, 1) else c(1, 5)
  side <- function(in_a, in_b) {
    data <- frame
    y <- data[[variable]]
    y[is.na(y)] <- ifelse(data$group == "a", in_a, in_b)[is.na(y)]
    data$y <- y
    design <- switch(name,
      plain = svydesign(ids = ~1, weights = ~1, data = data),
      weighted = svydesign(ids = ~1, weights = ~weight, data = data),
      whole = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = data))
    both <- svyby(~y, ~group, subset(design, group != "c"), svymean, covmat = TRUE)
    arm <- function(g) {
      domain <- subset(design, group == g)
      w <- weights(domain)
      list(mean = coef(both)[[g]], error = SE(svymean(~y, domain))[[1]], df = degf(domain), n = nrow(domain),
           spread = weighted.mean((domain$variables$y - weighted.mean(domain$variables$y, w))^2, w))
    }
    list(a = arm("a"), b = arm("b"), gap = coef(both)[["a"]] - coef(both)[["b"]], error = SE(svycontrast(both, c(1, -1)))[[1]],
         correlation = vcov(both)["a", "b"] / sqrt(prod(diag(vcov(both)))))
  }
  lowest <- side(ends[1], ends[2])
  highest <- side(ends[2], ends[1])
  inner <- 2 * pnorm(constant(highest$gap - lowest$gap, max(lowest$error, highest$error), level)) - 1
  limits <- function(found) mover(c(found$a$mean, found$b$mean), lapply(found[c("a", "b")], function(arm)
    arm_limits(arm$mean, arm$error, arm$df, arm$n, arm$spread, inner, variable == "share", name == "plain")), found$correlation)
  data.frame(design = name, variable, level, low = lowest$gap, high = highest$gap, limit_low = limits(lowest)[1], limit_high = limits(highest)[2])
}
cases <- expand.grid(level = c(0.9, 0.95), variable = c("share", "score"), name = c("plain", "weighted", "whole"), stringsAsFactors = FALSE)
write_table(do.call(rbind, Map(missing_row, cases$name, cases$variable, cases$level)), "sensitivity_missing.csv")

# Lee (2009), proposition 3, in his own symbols, on the whole sample of treated (d = 1) and control; the answers of the treated
# who answered more are cut. A share is cut by count, so that ties are shared out.
lee_row <- function(kind, answers, asked, others, asked_others) {
  y <- sort(answers)
  n <- asked + asked_others
  d <- asked / n
  kept <- (length(others) / asked_others) / (length(y) / asked)
  p <- 1 - kept
  alpha0 <- length(others) / asked_others
  side <- function(y) {
    whole <- floor(kept * length(y) * (1 + 1e-12))
    part <- kept * length(y) - whole
    edge <- if (part > 1e-9) y[whole + 1] else y[whole]
    mass <- c(rep(1, whole), if (part > 1e-9) part) / (kept * length(y))
    used <- y[seq_along(mass)]
    mu <- sum(mass * used)
    rates <- (1 - alpha0 / kept) / (d * alpha0 / kept) + (1 - alpha0) / ((1 - d) * alpha0)
    v <- sum(mass * (used - mu)^2) / (length(y) / n * kept) + (edge - mu)^2 * p / (length(y) / n * kept) + (edge - mu)^2 * rates
    control <- mean((others - mean(others))^2) / (length(others) / n)
    c(mu, sqrt((v + control) / n))
  }
  low <- side(y)
  high <- side(-rev(y))  # cut at the bottom: at the top, once turned
  data.frame(kind, low = low[1] - mean(others), low_error = low[2], high = -high[1] - mean(others), high_error = high[2])
}
share <- function(yes, n) rep(c(1, 0), c(yes, n - yes))
score <- function(seed, n) { set.seed(seed); pmin(pmax(round(3 + rnorm(n)), 1), 5) }
case <- function(kind, a, asked_a, b, asked_b)
  data.frame(lee_row(kind, a, asked_a, b, asked_b), asked_a, asked_b, a = paste(a, collapse = " "), b = paste(b, collapse = " "))
write_table(rbind(case("share", share(40, 70), 80, share(25, 60), 90), case("share", share(5, 70), 75, share(3, 40), 80),
                  case("share", share(66, 70), 70, share(44, 50), 60), case("mean", score(7, 60), 66, score(8, 45), 62)),
            "sensitivity_trimming.csv")

# The difference of means that two arms see, in standard deviations.
power_row <- function(n_a, n_b, level, power) {
  df <- n_a + n_b - 2
  seen <- uniroot(function(ncp) pt(qt((1 + level) / 2, df), df, ncp, lower.tail = FALSE) - power, c(0.1, 20), tol = 1e-14)$root
  equal <- if (n_a == n_b) power.t.test(n = n_a, power = power, sig.level = 1 - level, tol = 1e-13)$delta else NA
  data.frame(n_a, n_b, level, power, detectable = seen * sqrt(1 / n_a + 1 / n_b), power_t_test = equal)
}
write_table(rbind(power_row(30, 30, 0.95, 0.8), power_row(163, 163, 0.9, 0.9), power_row(163, 174, 0.95, 0.8), power_row(12, 90, 0.99, 0.8)),
            "sensitivity_power.csv")
