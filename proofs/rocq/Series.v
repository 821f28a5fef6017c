(* The finite series of a nilpotent matrix: exp(t log(1 + U)) = (1 + U)^t (proofs/existence.md section 5; C5 of the identities).

   Over a field F of characteristic 0, with U^m = 0, R = U - U^2/2 + U^3/3 - ... (to U^(m-1)) and any t in F,
       sum_{k<m} (t R)^k / k! = sum_{k<m} binomial(t, k) U^k,   which is 1 + U for t = 1.
   All sums are finite: further terms of the exponential series are 0, as R^m = 0. *)

From mathcomp Require Import all_ssreflect all_algebra.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Series.

Variable F : fieldType.
Hypothesis char0 : [char F] =i pred0.

Lemma natr_neq0 k : k.+1%:R != 0 :> F.
Proof. by move/charf0P: char0 => ->. Qed.

Lemma fact_neq0 k : k`!%:R != 0 :> F.
Proof. by move/charf0P: char0 => ->; rewrite -lt0n fact_gt0. Qed.

Lemma bump0 k : bump 0 k = k.+1.
Proof. by []. Qed.

(* t (t - 1) ... (t - k + 1) / k! *)
Definition binomial (t : F) k := (\prod_(i < k) (t - i%:R)) / k`!%:R.

Lemma binomialS t k : k.+1%:R * binomial t k.+1 = (t - k%:R) * binomial t k.
Proof.
rewrite /binomial big_ord_recr factS natrM /= invfM mulrCA (mulrA k.+1%:R) divff ?natr_neq0 // mul1r.
by rewrite mulrAC mulrC.
Qed.

Lemma binomial0 t : binomial t 0 = 1.
Proof. by rewrite /binomial big_ord0 fact0 divr1. Qed.

Lemma binomialE1 t : binomial t 1 = t.
Proof. by rewrite /binomial big_ord1 subr0 divr1. Qed.

Lemma binomial_one k : binomial 1 k.+2 = 0.
Proof. by rewrite /binomial 2!big_ord_recl /= subrr mul0r mulr0 mul0r. Qed.

Section Polynomials.

Variables (e : nat) (t : F).

Definition logp : {poly F} := \sum_(k < e) ((-1) ^+ k / k.+1%:R) *: 'X^k.+1.
Definition powerp : {poly F} := \sum_(k < e.+1) (t ^+ k / k`!%:R) *: logp ^+ k.

Lemma logp_factor : exists w, logp = w * 'X.
Proof.
exists (\sum_(k < e) ((-1) ^+ k / k.+1%:R) *: 'X^k).
by rewrite mulr_suml; apply: eq_bigr => k _; rewrite exprSr scalerAl.
Qed.

Lemma logp_deriv : (1 + 'X) * logp^`() = 1 - (- 'X) ^+ e.
Proof.
have -> : logp^`() = \sum_(k < e) (- 'X) ^+ k.
  rewrite linear_sum; apply: eq_bigr => k _ /=.
  rewrite linearZ /= derivXn -scaler_nat scalerA -mulrA mulVf ?natr_neq0 // mulr1 [RHS]exprNn.
  by rewrite -[in LHS]signr_odd -[in RHS]signr_odd scaler_sign mulr_sign.
have -> : 1 + 'X = - (- 'X - 1) :> {poly F} by rewrite opprB opprK.
by rewrite mulNr -subrX1 opprB.
Qed.

(* (1 + x) p' = t p up to terms of degree e and more, so the coefficients follow (k + 1) p_(k+1) = (t - k) p_k. *)
Lemma powerp_deriv : exists r, (1 + 'X) * powerp^`() = t *: powerp + r * 'X^e.
Proof.
have [w logw] := logp_factor.
pose last := (t ^+ e / e`!%:R) *: logp ^+ e.
have deriv : powerp^`() = (t *: (powerp - last)) * logp^`().
  have -> : powerp - last = \sum_(k < e) (t ^+ k / k`!%:R) *: logp ^+ k by rewrite /powerp big_ord_recr /= addrK.
  rewrite /powerp linear_sum big_ord_recl /= expr0 linearZ /= derivC scaler0 add0r.
  rewrite scaler_sumr mulr_suml; apply: eq_bigr => k _.
  rewrite linearZ /= deriv_exp /= -scaler_nat -!scalerAl !scalerA mulrC; congr (_ *: _).
    by rewrite bump0 factS natrM invfM exprS mulrC -!mulrA; congr (_ * (_ * _)); rewrite mulrCA mulVf ?natr_neq0 // mulr1.
  exact: mulrC.
pose low := t *: ((t ^+ e / e`!%:R) *: w ^+ e).
have lowX : t *: (powerp - last) = t *: powerp - low * 'X^e.
  by rewrite scalerBr /last logw exprMn /low -!scalerAl.
exists (- low - t *: (powerp - last) * (- 1) ^+ e).
rewrite deriv mulrCA logp_deriv; move: (t *: (powerp - last)) lowX => A lowX.
by rewrite mulrBr mulr1 [(- 'X) ^+ e]exprNn mulrA mulrBl mulNr addrA -lowX.
Qed.

Lemma powerp_coef k : (k <= e)%N -> powerp`_k = binomial t k.
Proof.
have [r ode] := powerp_deriv.
elim: k => [_|k IH ke].
  rewrite binomial0 /powerp big_ord_recl /= coefD !expr0 fact0 divr1 scale1r coefC eqxx.
  rewrite coef_sum big1 ?addr0 // => k _.
  by rewrite bump0 [logp ^+ _]exprS; have [w ->] := logp_factor; rewrite coefZ [w * 'X * _]mulrAC coefMX mulr0.
apply: (mulfI (natr_neq0 k)); rewrite binomialS -IH ?(ltnW ke) //.
have := congr1 (fun p : {poly F} => p`_k) ode.
rewrite mulrDl mul1r !coefD coefZ coefMXn ke addr0 coefXM !coef_deriv -mulr_natl => eq.
rewrite mulrBl -eq; case: (k) => [|j] /=; first by rewrite addr0 mul0r subr0.
by rewrite -[powerp`_j.+1 *+ _]mulr_natl addrK.
Qed.

End Polynomials.

Section Matrices.

Variables (n e : nat) (U : 'M[F]_n.+1).
Hypothesis nilp : U ^+ e.+1 = 0.

(* The partial sums of exp X, log(1 + U) and (1 + U)^t; with U^(e+1) = 0 they are the whole series. *)
Definition exp_series k (X : 'M[F]_n.+1) := \sum_(j < k) (j`!%:R)^-1 *: X ^+ j.
Definition log_series := \sum_(k < e) ((-1) ^+ k / k.+1%:R) *: U ^+ k.+1.
Definition power_series t := \sum_(k < e.+1) binomial t k *: U ^+ k.

Lemma horner_nilpotent p : horner_mx U p = \sum_(k < e.+1) p`_k *: U ^+ k.
Proof.
have term k a : horner_mx U (a *: 'X^k) = a *: U ^+ k by rewrite linearZ rmorphX /= horner_mx_X.
have {1}-> : p = \sum_(k < size p + e.+1) p`_k *: 'X^k.
  rewrite -{1}[p]coefK poly_def (big_ord_widen _ (fun k => p`_k *: 'X^k) (leq_addr e.+1 _)) big_mkcond.
  by apply: eq_bigr => k _; case: ltnP => // le; rewrite nth_default // scale0r.
rewrite linear_sum addnC big_split_ord /= [X in _ + X]big1 ?addr0 => [|k _]; last first.
  by rewrite term exprD nilp mul0r scaler0.
by apply: eq_bigr => k _; rewrite term.
Qed.

Lemma log_seriesE : log_series = horner_mx U (logp e).
Proof. by rewrite linear_sum; apply: eq_bigr => k _; rewrite linearZ rmorphX /= horner_mx_X. Qed.

Theorem exp_series_log t : exp_series e.+1 (t *: log_series) = power_series t.
Proof.
have <- : horner_mx U (powerp e t) = exp_series e.+1 (t *: log_series).
  rewrite linear_sum; apply: eq_bigr => k _.
  by rewrite linearZ rmorphX /= -log_seriesE exprZn scalerA mulrC.
by rewrite horner_nilpotent; apply: eq_bigr => k _; rewrite powerp_coef // -ltnS.
Qed.

Theorem log_series_nilpotent : log_series ^+ e.+1 = 0.
Proof.
have [w logw] := logp_factor e.
by rewrite log_seriesE logw rmorphM /= horner_mx_X exprMn_comm ?nilp ?mulr0 //; apply: comm_horner_mx.
Qed.

Theorem exp_series_log1 : exp_series e.+1 log_series = 1 + U.
Proof.
rewrite -[log_series]scale1r exp_series_log /power_series; case: e nilp => [|d] U0.
  by rewrite big_ord1 binomial0 scale1r -[U]expr1 U0 expr0 addr0.
rewrite 2!big_ord_recl big1 => [|k _]; last by rewrite binomial_one scale0r.
by rewrite binomial0 (binomialE1 1) !scale1r addr0.
Qed.

Theorem exp_series_stable k (X : 'M_n.+1) : X ^+ e.+1 = 0 -> (e < k)%N -> exp_series k X = exp_series e.+1 X.
Proof.
move=> Xe ek; rewrite /exp_series -(subnKC ek) big_split_ord /= [X in _ + X]big1 ?addr0 // => j _.
by rewrite exprD Xe mul0r scaler0.
Qed.

End Matrices.
End Series.
