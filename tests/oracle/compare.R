# Writes compare_ranks.csv, compare_sets.csv, compare_effects.csv, compare_pairs.csv and compare_bands.csv: ranks, sets of
# answers, effect sizes, measures of two plain shares, and contrasts of three groups corrected together. Run from the root,
# after frame.R. Besides survey: epiR and multcomp (Debian's r-cran-epir, r-cran-multcomp).
suppressMessages(library(survey))
frame <- read.csv("tests/oracle/frame.csv", comment.char = "#")
version <- function(...) paste0(", ", sapply(c(...), function(name) paste(name, packageVersion(name))), collapse = "")
write_table <- function(table, name, packages) {
  file <- file.path("tests/oracle", name)
  writeLines(paste0("# compare.R, ", R.version.string, version(packages)), file)
  suppressWarnings(write.table(format(table, digits = 17, trim = TRUE), file, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
}
pairs <- list(c("a", "b"), c("a", "c"), c("b", "c"))

# Answers without ties, and two boxes beside `rare` and `share` for a question of several answers: from the frame's own
# columns, so that Python makes the same.
frame$fine <- frame$score + ((seq_len(nrow(frame)) * 37) %% 241) / 1000
frame$box1 <- ifelse(is.na(frame$share), NA, as.integer(frame$share == 1 & frame$cluster %% 2 == 0))
frame$box2 <- ifelse(is.na(frame$share), NA, as.integer((seq_len(nrow(frame)) %% 3) == 0 | frame$share == 1))
designs <- list(
  clustered = svydesign(ids = ~cluster, weights = ~1, data = frame),
  weighted = svydesign(ids = ~1, weights = ~weight, data = frame),
  stratified = svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = frame),
  whole = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = frame)
)

# Wilcoxon's test of ordered answers. svyranktest gives tied answers the plain mean of their weighted ranks, which moves with
# the order of the rows where weights differ; `score` has ties, so it is asked of equal weights only, `fine` of all. `chance`
# and its error: placements by hand as scores, linearised by svymean of each arm's domain, jointly by svytotal.
rank_row <- function(name, pair, variable) {
  inside <- frame$group %in% pair & !is.na(frame[[variable]])
  both <- subset(designs[[name]], inside)
  test <- svyranktest(reformulate("group", variable), both, test = "wilcoxon")
  w <- weights(designs[[name]]); y <- frame[[variable]]
  arm <- lapply(pair, function(g) inside & frame$group == g)
  below <- function(v, rows) sum(w[rows] * ((y[rows] < v) + (y[rows] == v) / 2)) / sum(w[rows])
  place <- rep(0, nrow(frame))
  for (i in which(arm[[1]])) place[i] <- below(y[i], arm[[2]])
  for (i in which(arm[[2]])) place[i] <- below(y[i], arm[[1]])
  chance <- sum(w[arm[[1]]] * place[arm[[1]]]) / sum(w[arm[[1]]])
  linear <- ifelse(arm[[1]], (place - chance) / sum(w[arm[[1]]]), ifelse(arm[[2]], -(place - (1 - chance)) / sum(w[arm[[2]]]), 0))
  error <- SE(svytotal(~linear, update(designs[[name]], linear = linear)))[[1]]
  df <- degf(both)
  half <- qt(0.975, df) * error / (chance * (1 - chance))
  data.frame(design = name, a = pair[1], b = pair[2], variable, chance, error, df, low = plogis(qlogis(chance) - half),
             high = plogis(qlogis(chance) + half), p = test$p.value[[1]])
}
cases <- rbind(expand.grid(variable = "score", pair = 1:3, name = "clustered", stringsAsFactors = FALSE),
               expand.grid(variable = "fine", pair = 1:3, name = names(designs), stringsAsFactors = FALSE))
write_table(do.call(rbind, Map(function(name, pair, variable) rank_row(name, pairs[[pair]], variable), cases$name, cases$pair, cases$variable)),
            "compare_ranks.csv", "survey")

# Several answers a person: the sum over the boxes of gap^2 / (p (1 - p)), its weights the eigenvalues of the covariance of the
# gaps (svytotal of the scores of both arms) over p (1 - p); pFsum refers it to F by Satterthwaite.
boxes <- c("share", "box1", "box2")
set_row <- function(name, pair) {
  inside <- frame$group %in% pair & !is.na(frame$share)
  w <- weights(designs[[name]])
  arm <- lapply(pair, function(g) inside & frame$group == g)
  y <- as.matrix(frame[boxes]); y[is.na(y)] <- 0
  part <- lapply(arm, function(rows) colSums(w[rows] * y[rows, ]) / sum(w[rows]))
  linear <- sapply(seq_along(boxes), function(j) {
    arm[[1]] * (y[, j] - part[[1]][j]) / sum(w[arm[[1]]]) - arm[[2]] * (y[, j] - part[[2]][j]) / sum(w[arm[[2]]])
  })
  design <- update(designs[[name]], l1 = linear[, 1], l2 = linear[, 2], l3 = linear[, 3])
  covariance <- vcov(svytotal(~l1 + l2 + l3, design))
  common <- colSums(w[inside] * y[inside, ]) / sum(w[inside])
  alone <- common * (1 - common)
  statistic <- sum((part[[1]] - part[[2]])^2 / alone)
  values <- Re(eigen(covariance / alone, only.values = TRUE)$values)
  ndf <- sum(values)^2 / sum(values^2)
  df <- degf(subset(designs[[name]], inside))
  p <- survey:::pFsum(statistic, rep(1, 3), values, ddf = ndf * df, lower.tail = FALSE, method = "satterthwaite")
  data.frame(design = name, a = pair[1], b = pair[2], f = statistic / sum(values), ndf, ddf = ndf * df, p)
}
cases <- expand.grid(pair = 1:3, name = names(designs), stringsAsFactors = FALSE)
write_table(do.call(rbind, Map(function(name, pair) set_row(name, pairs[[pair]]), cases$name, cases$pair)), "compare_sets.csv", "survey")

# Cohen's d of two domains by Bonett (2008): svyvar's variances, svymean's errors, effective sizes from both.
effect_row <- function(name, pair) {
  domain <- lapply(pair, function(g) subset(designs[[name]], group == g & !is.na(score)))
  m <- sapply(domain, function(d) coef(svymean(~score, d))[[1]])
  se <- sapply(domain, function(d) SE(svymean(~score, d))[[1]])
  v <- sapply(domain, function(d) coef(svyvar(~score, d))[[1]])
  n <- sapply(domain, nrow)
  size <- pmin(v * (n - 1) / n / se^2, n)
  inside <- frame$group %in% pair & !is.na(frame$score)
  w <- weights(designs[[name]]); y <- ifelse(is.na(frame$score), 0, frame$score)
  arm <- lapply(pair, function(g) inside & frame$group == g)
  linear <- arm[[1]] * (y - m[1]) / sum(w[arm[[1]]]) - arm[[2]] * (y - m[2]) / sum(w[arm[[2]]])
  gap_error <- SE(svytotal(~linear, update(designs[[name]], linear = linear)))[[1]]
  s <- sqrt(mean(v)); d <- (m[1] - m[2]) / s
  own <- d^2 * sum(v^2 / (size - 1)) / (8 * s^4)
  data.frame(design = name, a = pair[1], b = pair[2], d, error = sqrt(gap_error^2 / s^2 + own))
}
write_table(do.call(rbind, Map(function(name, pair) effect_row(name, pairs[[pair]]), cases$name, cases$pair)), "compare_effects.csv", "survey")

# Two plain shares: epiR's risk and odds ratios; the limits of MOVER from prop.test's score limits, on the log odds, on the
# arcsine, and of Donner and Zou for the ratio; Fisher's mid-p from the hypergeometric terms.
suppressMessages(library(epiR))
pair_row <- function(yes_a, n_a, yes_b, n_b) {
  table <- matrix(c(yes_a, yes_b, n_a - yes_a, n_b - yes_b), 2)
  found <- epi.2by2(as.table(table), method = "cohort.count", conf.level = 0.95)
  score <- function(yes, n) suppressWarnings(as.numeric(prop.test(yes, n, correct = FALSE)$conf.int))
  a <- yes_a / n_a; b <- yes_b / n_b; one <- score(yes_a, n_a); other <- score(yes_b, n_b)
  mover <- function(f) {
    gap <- f(a) - f(b)
    gap + c(-1, 1) * sqrt(c((f(a) - f(one[1]))^2 + (f(other[2]) - f(b))^2, (f(one[2]) - f(a))^2 + (f(b) - f(other[1]))^2))
  }
  odds <- exp(mover(qlogis)); h <- mover(function(p) 2 * asin(sqrt(p)))
  # Donner & Zou (2012): the root of each quadratic with the sign of their formula.
  root <- function(u, v, sign) (a * b + sign * sqrt((a * b)^2 - u * (2 * a - u) * v * (2 * b - v))) / (v * (2 * b - v))
  ratio <- c(root(one[1], other[2], -1), root(one[2], other[1], 1))
  k <- max(0, yes_a + yes_b - n_b):min(n_a, yes_a + yes_b)
  term <- dhyper(k, n_a, n_b, yes_a + yes_b)
  midp <- min(1, 2 * (min(sum(term[k < yes_a]), sum(term[k > yes_a])) + term[k == yes_a] / 2))
  data.frame(yes_a, n_a, yes_b, n_b, risk_ratio = found$massoc.detail$RR.strata.wald$est, odds_ratio = found$massoc.detail$OR.strata.wald$est,
             ratio_low = ratio[1], ratio_high = ratio[2], odds_low = odds[1], odds_high = odds[2],
             h = 2 * asin(sqrt(a)) - 2 * asin(sqrt(b)), h_low = h[1], h_high = h[2], fisher_midp = midp)
}
write_table(rbind(pair_row(10, 163, 33, 174), pair_row(3, 12, 9, 14), pair_row(12, 14, 7, 16), pair_row(15, 30, 15, 30), pair_row(60, 103, 24, 60),
                  pair_row(1, 40, 2, 25)), "compare_pairs.csv", "epiR")

# Three groups' contrasts in one step. `single_step` is multcomp's glht, by Genz and Bretz's lattice to about 1e-6; `exact` the same
# chance by integrals within integrals, to 1e-10: of the normal hexagon, over the spread that Student's t shares.
suppressMessages(library(multcomp))
contrasts <- rbind(over = c(1, 0, -1), under = c(0, 1, -1), apart = c(1, -1, 0))
beyond <- function(bound, V, df) {
  s <- sqrt(diag(V)); r <- V[1, 2] / (s[1] * s[2])
  inside <- function(scale) {
    c0 <- bound * scale
    f <- Vectorize(function(x) {
      # given the first contrast, the second lies between its own bounds and where the third is within its own
      low <- max(-c0, (s[1] * x - c0 * s[3]) / s[2]); high <- min(c0, (s[1] * x + c0 * s[3]) / s[2])
      if (high <= low) return(0)
      dnorm(x) * (pnorm((high - r * x) / sqrt(1 - r^2)) - pnorm((low - r * x) / sqrt(1 - r^2)))
    })
    # the kinks, so that each stretch is smooth
    kinks <- c((c0 * s[3] - c0 * s[2]) / s[1], (c0 * s[2] - c0 * s[3]) / s[1])
    cuts <- sort(unique(c(-c0, pmin(pmax(kinks, -c0), c0), 0, c0)))
    sum(mapply(function(l, h) if (h - l < 1e-14) 0 else integrate(f, l, h, rel.tol = 1e-11, subdivisions = 1000L)$value, head(cuts, -1), tail(cuts, -1)))
  }
  if (is.infinite(df)) return(1 - inside(1))
  density <- function(x) exp(log(2 * x) + log(df) + dchisq(df * x^2, df, log = TRUE))
  1 - integrate(Vectorize(function(x) if (x == 0) 0 else inside(x) * density(x)), 0, Inf, rel.tol = 1e-10, subdivisions = 2000L)$value
}
band_rows <- function(case, means, errors, tie, df) {
  sigma <- outer(errors, errors) * (diag(3) * (1 - tie) + tie)
  V <- contrasts %*% sigma %*% t(contrasts)
  t <- as.numeric(contrasts %*% means) / sqrt(diag(V))
  set.seed(1); fit <- glht(parm(means, sigma, df = if (is.infinite(df)) 0 else df), linfct = contrasts)
  step <- summary(fit, test = adjusted("single-step", maxpts = 5e6, abseps = 1e-7))$test$pvalues
  exact <- sapply(abs(t), beyond, V = V, df = df)
  raw <- if (is.infinite(df)) 2 * pnorm(-abs(t)) else 2 * pt(-abs(t), df)
  data.frame(case, contrast = rownames(contrasts), df, p = raw, single_step = as.numeric(step), exact,
             v1 = V[, 1], v2 = V[, 2], v3 = V[, 3])
}
write_table(rbind(band_rows("even", c(0.9, 0.7, 0.5), c(0.1, 0.1, 0.1), 0, 20), band_rows("uneven", c(0.9, 0.71, 0.6), c(0.04, 0.09, 0.05), 0, 12),
                  band_rows("tied", c(0.5, 0.42, 0.3), c(0.06, 0.07, 0.05), 0.4, 8), band_rows("normal", c(0.30, 0.22, 0.35), c(0.03, 0.05, 0.04), 0.1, Inf)),
            "compare_bands.csv", c("multcomp", "mvtnorm"))
